import type { ApiAnswer, ApiRequest } from '../api-client.ts';
import { unreadable } from './classify-answer.ts';
import type { Incoming } from './exchange.ts';

const isJson = (headers: Record<string, string>): boolean => /[/+]json\b/i.test(headers['content-type'] ?? '');

const isSuccess = (status: number): boolean => status >= 200 && status < 300;

/**
 * Reads an answer's body by its content type, or as JSON where the request expects it. Throws a `data` failure when a success
 * cannot be read; a failure's body that cannot be read is kept as text.
 */
export const readAnswer = (request: ApiRequest, answer: Incoming): ApiAnswer => {
  const { status, headers } = answer;
  const text = answer.body.toString('utf8');
  const wantsJson = request.expect === 'json' || (request.expect === undefined && isJson(headers));
  if (text === '' && (status === 204 || status === 205 || !wantsJson)) return { status, headers, body: undefined };
  if (!wantsJson && !(isJson(headers) && !isSuccess(status))) return { status, headers, body: text };
  try {
    return { status, headers, body: JSON.parse(text) };
  } catch {
    if (isSuccess(status)) throw unreadable(request, status, 'not with the JSON that was expected');
    return { status, headers, body: text };
  }
};
