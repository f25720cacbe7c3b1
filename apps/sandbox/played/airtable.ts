import { BoundedMap } from '../bounded-map.ts';
import { bearerOf, json, jsonObject, type OrderedFailure, type PlayedPartner, type PlayNeeds, type SandboxAnswer, type SandboxCall } from './played-partner.ts';

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

const mergeFields = (body: Record<string, unknown>): string[] | undefined => {
  const fields = (body['performUpsert'] as { fieldsToMergeOn?: unknown } | undefined)?.fieldsToMergeOn;
  return Array.isArray(fields) ? (fields as string[]) : undefined;
};

/** Plays Airtable's record API. Tokens begin with `pat` or `oaa`; bases and tables whose name contains `missing` do not exist. */
export class PlayedAirtable implements PlayedPartner {
  private readonly idByMergeKey = new BoundedMap<string, string>(RECORDS_REMEMBERED);
  private counter = 0;
  private refusedUntilMs = 0;

  constructor(private readonly needs: PlayNeeds) {}

  answer(call: SandboxCall): SandboxAnswer {
    return this.needs.now() < this.refusedUntilMs ? tooMany() : (refuse(call) ?? this.write(call));
  }

  fail(_call: SandboxCall, { status }: OrderedFailure): SandboxAnswer {
    if (status !== 429) return airtableError(status, 'SERVER_ERROR', 'The server could not process the request');
    this.refusedUntilMs = this.needs.now() + PENALTY_MS;
    return tooMany();
  }

  reset(): void {
    this.idByMergeKey.clear();
    this.refusedUntilMs = 0;
  }

  private write(call: SandboxCall): SandboxAnswer {
    const body = jsonObject(call.body);
    const records = recordsIn(body);
    if (!Array.isArray(records)) return records;
    if (call.method === 'POST') return this.create(call, records);
    const mergeOn = mergeFields(body!);
    if (call.method === 'PATCH' && mergeOn !== undefined) return this.upsert(call, records, mergeOn);
    return airtableError(422, 'INVALID_REQUEST_UNKNOWN', 'Invalid request: parameter validation failed. Check your request data.');
  }

  private create(call: SandboxCall, records: Given[]): SandboxAnswer {
    this.needs.effects.happened('create-records', call);
    return json(200, { records: records.map((record) => this.shown(record, this.newId())) });
  }

  private upsert(call: SandboxCall, records: Given[], mergeOn: string[]): SandboxAnswer {
    const createdRecords: string[] = [];
    const updatedRecords: string[] = [];
    const shown = records.map((record) => {
      const key = `${call.path}\n${JSON.stringify(mergeOn.map((name) => [name, record.fields?.[name]]))}`;
      const known = this.idByMergeKey.get(key);
      const id = known ?? this.newId();
      if (known === undefined) this.idByMergeKey.set(key, id);
      (known === undefined ? createdRecords : updatedRecords).push(id);
      return this.shown(record, id);
    });
    this.needs.effects.happenedNaturally('upsert-records', call);
    return json(200, { records: shown, createdRecords, updatedRecords });
  }

  private shown(record: Given, id: string): object {
    return { id, createdTime: new Date(this.needs.now()).toISOString(), fields: record.fields ?? {} };
  }

  private newId(): string {
    return `rec${(this.counter += 1).toString(36).toUpperCase().padStart(14, '0')}`;
  }
}
