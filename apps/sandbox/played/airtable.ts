import { BoundedMap } from '../bounded-map.ts';
import { bearerOf, json, jsonObject, type PlayedPartner, type PlayNeeds, type SandboxAnswer, type SandboxCall } from './played-partner.ts';

const RECORDS_REMEMBERED = 100_000;
/** After a 429 everything is refused for this long. */
const PENALTY_MS = 30_000;

type Given = { fields?: Record<string, unknown> };

const airtableError = (status: number, type: string, message: string): SandboxAnswer => json(status, { error: { type, message } });

const tooMany = (): SandboxAnswer => json(429, { errors: [{ error: 'RATE_LIMIT_REACHED', message: 'Rate limit exceeded. Please try again later' }] });

const placeOf = (path: string): { base: string; table: string } | undefined => {
  const match = /^\/v0\/([^/]+)\/([^/]+)$/.exec(path);
  return match ? { base: decodeURIComponent(match[1]!), table: decodeURIComponent(match[2]!) } : undefined;
};

const refuse = (call: SandboxCall): SandboxAnswer | undefined => {
  const token = bearerOf(call);
  if (token === undefined || !/^(pat|oaa)/.test(token) || token.endsWith('revoked')) return airtableError(401, 'AUTHENTICATION_REQUIRED', 'Authentication required');
  const place = placeOf(call.path);
  if (place === undefined) return json(404, { error: 'NOT_FOUND' });
  if (/missing/i.test(place.base + place.table)) return airtableError(403, 'INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND', 'Invalid permissions, or the requested model was not found.');
  return undefined;
};

const recordsIn = (body: Record<string, unknown> | undefined): Given[] | SandboxAnswer => {
  if (body === undefined) return airtableError(422, 'INVALID_REQUEST_MISSING_FIELDS', 'Could not find field "fields" in the request body');
  const records = body['records'];
  if (!Array.isArray(records) || records.length === 0 || records.length > 10) return airtableError(422, 'INVALID_RECORDS', 'You must provide an array of up to 10 record objects');
  const bad = (records as Given[]).flatMap((record) => Object.keys(record.fields ?? {})).find((name) => name.startsWith('Unknown'));
  return bad === undefined ? (records as Given[]) : airtableError(422, 'UNKNOWN_FIELD_NAME', `Unknown field name: "${bad}"`);
};

/** Plays Airtable's record API. Tokens begin with `pat` or `oaa`; bases and tables whose name contains `missing` do not exist. */
export const playAirtable = ({ effects, now }: PlayNeeds): PlayedPartner => {
  const idByMergeKey = new BoundedMap<string, string>(RECORDS_REMEMBERED);
  let counter = 0;
  let refusedUntilMs = 0;

  const newRecord = (given: Given, id = `rec${(counter += 1).toString(36).toUpperCase().padStart(14, '0')}`): object => ({ id, createdTime: new Date(now()).toISOString(), fields: given.fields ?? {} });

  const create = (call: SandboxCall, records: Given[]): SandboxAnswer => {
    effects.happened('create-records', call);
    return json(200, { records: records.map((record) => newRecord(record)) });
  };

  const upsert = (call: SandboxCall, records: Given[], mergeOn: string[]): SandboxAnswer => {
    const made: string[] = [];
    const updated: string[] = [];
    const shown = records.map((record) => {
      const key = `${call.path}\n${JSON.stringify(mergeOn.map((name) => [name, record.fields?.[name]]))}`;
      const known = idByMergeKey.get(key);
      const answer = newRecord(record, known) as { id: string };
      if (known === undefined) idByMergeKey.set(key, answer.id);
      (known === undefined ? made : updated).push(answer.id);
      return answer;
    });
    effects.happenedNaturally('upsert-records', call);
    return json(200, { records: shown, createdRecords: made, updatedRecords: updated });
  };

  const write = (call: SandboxCall): SandboxAnswer => {
    const body = jsonObject(call.body);
    const records = recordsIn(body);
    if (!Array.isArray(records)) return records;
    if (call.method === 'POST') return create(call, records);
    const mergeOn = (body!['performUpsert'] as { fieldsToMergeOn?: unknown } | undefined)?.fieldsToMergeOn;
    if (call.method !== 'PATCH' || !Array.isArray(mergeOn)) return airtableError(422, 'INVALID_REQUEST_UNKNOWN', 'Invalid request: parameter validation failed. Check your request data.');
    return upsert(call, records, mergeOn as string[]);
  };

  return {
    answer: (call) => (now() < refusedUntilMs ? tooMany() : (refuse(call) ?? write(call))),
    fail: (_call, { status }) => {
      if (status !== 429) return airtableError(status, 'SERVER_ERROR', 'The server could not process the request');
      refusedUntilMs = now() + PENALTY_MS;
      return tooMany();
    },
    reset: () => {
      idByMergeKey.clear();
      refusedUntilMs = 0;
    },
  };
};
