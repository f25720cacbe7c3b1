import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { OpenAPIObject } from '@nestjs/swagger';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Nothing may be answered that the document does not name. */
const closed = (schema: any): any => {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const copy = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  return copy.type === 'object' && 'properties' in copy ? { ...copy, additionalProperties: false } : copy;
};

export type Check = (method: string, path: string, status: number, answer: unknown) => string[];

/** Checks answers by what the document says of them; gives what is wrong. `path` is the document's, with its braces. */
export const documentSchemas = (document: OpenAPIObject): Check => {
  const ajv = new Ajv2020({ strict: false, allErrors: true, formats: { uuid: UUID, 'date-time': /^\d{4}-\d\d-\d\dT.*Z$/, uri: /^[a-z]+:\S+$/, byte: /^[A-Za-z0-9+/=]*$/ } });
  ajv.addSchema({ $id: 'api', components: closed(document.components) });
  const compiled = new Map<string, ValidateFunction>();
  return (method, path, status, answer) => {
    const response: any = (document.paths[path] as any)?.[method]?.responses[status];
    const schema = Object.values<any>(response?.content ?? {})[0]?.schema;
    if (schema === undefined) return [`${method} ${path} ${status} is not described`];
    const key = `${method} ${path} ${status}`;
    const absolute = JSON.parse(JSON.stringify(closed(schema)).replaceAll('"#/', '"api#/'));
    const validate = compiled.get(key) ?? ajv.compile(absolute);
    compiled.set(key, validate);
    return validate(answer) ? [] : (validate.errors ?? []).map((error) => `${key} ${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`);
  };
};
