import { PartnerFailure, setting, type ApiAnswer, type ApiRequest, type Call, type Performed } from '#partner-kit';
import { asSegment, fillTemplate, type Params } from './fill-template.ts';
import { resolveUrl, type Query } from './resolve-url.ts';

export type HttpInput = {
  method?: string;
  url: string;
  params?: Params;
  query?: Query;
  headers?: Record<string, string>;
  json?: unknown;
  form?: Params;
  text?: string;
};

/** Headers that belong to the connection, or would let an event speak for someone else. */
const NOT_YOURS = /^(host|content-length|transfer-encoding|connection|keep-alive|upgrade|te|trailer|expect|forwarded|proxy-.*|x-forwarded-.*|x-trunkline-.*|idempotency-key|traceparent)$/i;

const accountHeaders = (call: Call): Record<string, string> => {
  const { credentials, settings } = call.account;
  const headers: Record<string, string> = {};
  if (credentials['authorization']) headers['authorization'] = credentials['authorization'];
  if (credentials['apiKey']) headers[(settings['apiKeyHeader'] || 'X-API-Key').toLowerCase()] = credentials['apiKey'];
  return headers;
};

const ownHeaders = (input: HttpInput, reserved: Record<string, string>): Record<string, string> => {
  const headers: Record<string, string> = {};
  for (const [name, template] of Object.entries(input.headers ?? {})) {
    const lower = name.toLowerCase();
    if (NOT_YOURS.test(lower) || Object.hasOwn(reserved, lower)) throw new PartnerFailure('client', 'input-invalid', `the header "${name}" is not the input's to set`);
    headers[lower] = fillTemplate(template, input.params ?? {}, (value) => value.replace(/[\r\n]+/g, ' '));
  }
  return headers;
};

const bodyOf = (input: HttpInput): unknown => {
  if (input.form !== undefined) return new URLSearchParams(Object.entries(input.form).map(([name, value]): [string, string] => [name, String(value)]));
  if (input.text !== undefined) return fillTemplate(input.text, input.params ?? {}, (value) => value);
  // A JSON text that is a string, a number or null would otherwise go out as something else.
  return input.json === undefined || (typeof input.json === 'object' && input.json !== null) ? input.json : JSON.stringify(input.json);
};

/** The call as the input describes it, within the account's limits. */
export const toRequest = (call: Call, method: string): ApiRequest => {
  const input = call.input as HttpInput;
  const url = resolveUrl(setting(call.account, 'baseUrl'), fillTemplate(input.url, input.params ?? {}, asSegment), input.query);
  const reserved = accountHeaders(call);
  const headers = { ...(input.json === undefined ? {} : { 'content-type': 'application/json' }), ...ownHeaders(input, reserved), ...reserved };
  return { method, url, headers, body: bodyOf(input) };
};

/** The answer's own reference: where it says the thing is, or the id it gives. */
export const toPerformed = (answer: ApiAnswer): Performed => {
  const id = (answer.body as { id?: unknown } | null | undefined)?.id;
  const reference = answer.headers['location'] ?? (typeof id === 'string' || typeof id === 'number' ? String(id) : undefined);
  return { status: answer.status, reference: reference?.slice(0, 200) };
};
