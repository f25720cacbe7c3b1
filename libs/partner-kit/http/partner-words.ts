const LONGEST = 200;

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

const first = (value: unknown): unknown => (Array.isArray(value) ? value[0] : undefined);

const fromRecord = (body: Record<string, unknown>): string | undefined => {
  const inner = [body['error'], first(body['errors'])].find(isRecord);
  if (inner !== undefined) return fromRecord(inner);
  const code = text(body['code']) ?? text(body['type']) ?? text(body['error']) ?? text(body['title']);
  const message = text(body['message']) ?? text(body['error_description']) ?? text(body['detail']);
  return [code, message].filter((part) => part !== undefined).join(': ') || undefined;
};

/** What a partner's error answer says, in the shapes that error bodies usually have; HTML pages say nothing. */
export const partnerWords = (body: unknown): string | undefined => {
  if (isRecord(body)) return fromRecord(body)?.slice(0, LONGEST);
  if (typeof body !== 'string' || /^\s*</.test(body)) return undefined;
  return body.trim().slice(0, LONGEST) || undefined;
};
