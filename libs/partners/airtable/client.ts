import { baseUrl, credential, PartnerFailure, retryAfterMs, setting, type ApiAnswer, type Call, type Performed } from '#partner-kit';

/** After a 429, every request to the base is refused for 30 seconds. airtable.com/developers/web/api/rate-limits */
const PENALTY_MS = 30_000;

/** Errors are `{"error":"NOT_FOUND"}`, `{"error":{"type","message"}}`, or `{"errors":[{"error","message"}]}`. */
const typeOf = (body: unknown): string | undefined => {
  const { error, errors } = (body ?? {}) as { error?: unknown; errors?: { error?: unknown }[] };
  const type = typeof error === 'object' && error !== null ? (error as { type?: unknown }).type : (error ?? errors?.[0]?.error);
  return typeof type === 'string' ? type : undefined;
};

const judge = (answer: ApiAnswer): PartnerFailure | undefined => {
  const type = typeOf(answer.body);
  if (answer.status === 429) {
    const asked = retryAfterMs(answer.headers, Date.now()) ?? 0;
    return new PartnerFailure('rate-limit', 'partner-rate-limited', `Airtable answered 429: ${type ?? 'too many requests'}`, { status: 429, retryAfterMs: Math.max(asked, PENALTY_MS) });
  }
  // Says either that the token may not, or that there is no such base or table: no reason to stop the whole account.
  if (answer.status === 403 && type === 'INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND') {
    return new PartnerFailure('client', 'partner-refused', 'Airtable answered 403: no such base or table, or the token may not write to it', { status: 403 });
  }
  return undefined;
};

type Records = { records?: { id: string }[] } | null;

/** Writes records to the input's table and returns their ids. */
export const writeRecords = async (call: Call, method: 'POST' | 'PATCH', target: { table: string; base?: string }, body: object): Promise<Performed> => {
  const base = target.base ?? setting(call.account, 'baseId');
  const url = `${baseUrl(call.account, 'https://api.airtable.com')}/v0/${encodeURIComponent(base)}/${encodeURIComponent(target.table)}`;
  const headers = { Authorization: `Bearer ${credential(call.account, 'token')}` };
  const answer = await call.http.send({ method, url, headers, body, expect: 'json', judge });
  const reference = (answer.body as Records)?.records?.map((record) => record.id).join(',');
  return { status: answer.status, reference };
};
