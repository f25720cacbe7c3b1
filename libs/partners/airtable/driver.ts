import type { Action } from '#partner-kit';
import { writeRecords } from './client.ts';
import { createRecordsInput, upsertRecordsInput } from './inputs.ts';

type Input = { base?: string; table: string; records: object[]; typecast?: boolean; mergeOn: string[] };

/** What Airtable can be asked to do. */
export const actions: Record<string, Action> = {
  'create-records': {
    about: 'Creates up to 10 records in a table. Airtable cannot tell a repeat: prefer upsert-records where a field identifies a record.',
    resolution: 'none',
    input: createRecordsInput,
    perform: (call) => {
      const input = call.input as Input;
      return writeRecords(call, 'POST', input, { records: input.records, typecast: input.typecast });
    },
  },
  'upsert-records': {
    about: 'Creates or updates up to 10 records, matched by the fields of mergeOn.',
    resolution: 'natural',
    input: upsertRecordsInput,
    perform: (call) => {
      const input = call.input as Input;
      return writeRecords(call, 'PATCH', input, { performUpsert: { fieldsToMergeOn: input.mergeOn }, records: input.records, typecast: input.typecast });
    },
  },
};
