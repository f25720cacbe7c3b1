/** What the fuzzer reads of an OpenAPI document. */
export type ApiDocument = { paths: Record<string, Record<string, { operationId?: string; parameters?: Parameter[]; requestBody?: object }>> };

export type Parameter = { name: string; in: 'path' | 'query' | 'header'; schema?: { type?: string; enum?: unknown[]; minimum?: number; maximum?: number } };

/** One operation as the document declares it. */
export type Operation = { method: string; path: string; parameters: Parameter[]; takesBody: boolean };

/** Every operation of a document. Throws when there is none: a fuzz of nothing finds nothing. */
export const operationsOf = (document: ApiDocument): Operation[] => {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [], requestBody }]) => ({ method: method.toUpperCase(), path, parameters, takesBody: requestBody !== undefined })),
  );
  if (operations.length === 0) throw new Error('The document has no operation.');
  return operations;
};
