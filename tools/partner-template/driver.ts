import type { Action } from '#partner-kit';
import { postToAcme } from './client.ts';

/** Input of `create-thing`; name the page of Acme's documentation here. */
const createThingInput = {
  type: 'object',
  required: ['name'],
  properties: { name: { type: 'string', minLength: 1 } },
  additionalProperties: false,
};

/** What Acme can be asked to do. */
export const actions: Record<string, Action> = {
  'create-thing': {
    about: 'Creates a thing.',
    // key: Acme deduplicates; natural: the call may be repeated; lookup: write a lookup; none: a person decides. QUIRKS.md says why.
    resolution: 'key',
    input: createThingInput,
    perform: (call) => postToAcme(call, 'things', call.input as object),
  },
};
