import type { Partner } from '#partner-kit';
import { actions } from './driver.ts';

/** Any HTTP API below one base URL: out only. Who sends us webhooks is a `generic` integration. */
export const http: Partner = {
  name: 'http',
  actions,
  oauth: { credential: 'authorization', prefix: 'Bearer ' },
  needs: {
    credentials: {
      authorization: 'Optional: the whole value of the Authorization header, for example "Bearer …".',
      apiKey: 'Optional: a key that goes into the header that the setting apiKeyHeader names.',
    },
    settings: {
      baseUrl: 'The only place that calls may go to: scheme, host, and the path that every URL must begin with.',
      apiKeyHeader: 'Optional: the header for the credential apiKey; X-API-Key by default.',
    },
  },
};
