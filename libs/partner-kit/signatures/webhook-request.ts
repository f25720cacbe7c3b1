/**
 * A partner's request as it came over the wire. Header names are lower-case, values as Node gives them (Latin-1);
 * `url` is absolute, as the partner was told it; `body` is the bytes, never decoded.
 */
export type WebhookRequest = {
  method: string;
  url: string;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  query: Readonly<Record<string, unknown>>;
  body: Buffer;
};

/** A header's text; a header that came several times is joined by `, `, as RFC 9110 §5.2 reads it. */
export const headerOf = (request: Pick<WebhookRequest, 'headers'>, name: string): string | undefined => {
  const value = request.headers[name];
  return typeof value === 'object' ? value.join(', ') : value;
};
