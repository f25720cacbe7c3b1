/** A request's body as bytes on the wire, and the content type that goes with it unless the caller names another. */
export const encodeBody = (body: unknown): { bytes: string | Buffer | null; contentType?: string } => {
  if (body === undefined || body === null) return { bytes: null };
  if (typeof body === 'string') return { bytes: body, contentType: 'text/plain; charset=utf-8' };
  if (Buffer.isBuffer(body)) return { bytes: body, contentType: 'application/octet-stream' };
  if (body instanceof URLSearchParams) return { bytes: body.toString(), contentType: 'application/x-www-form-urlencoded' };
  return { bytes: JSON.stringify(body), contentType: 'application/json' };
};
