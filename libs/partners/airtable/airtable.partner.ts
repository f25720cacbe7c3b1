import type { Partner } from '#partner-kit';
import { actions } from './driver.ts';

/** Airtable: records out. airtable.com/developers/web/api */
export const airtable: Partner = {
  name: 'airtable',
  actions,
  oauth: { credential: 'token' },
  needs: {
    credentials: { token: 'A personal access token (pat…) or OAuth access token with data.records:write on the base.' },
    settings: {
      baseId: 'The base (app…) that records go to when an input names none.',
      baseUrl: 'Optional: where the API is; https://api.airtable.com by default.',
    },
  },
};
