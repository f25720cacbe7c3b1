import { defineConfig, integer, text, type ConfigOf } from '#boot';

export const projectorConfig = defineConfig('projector', {
  databaseUrl: text({ env: 'DATABASE_URL', secret: true, about: 'Postgres with the event log and the read models.' }),
  healthPort: integer({ env: 'PROJECTOR_HEALTH_PORT', default: 3007, about: 'Port of /health/live and /health/ready.' }),
  chunkSize: integer({ env: 'PROJECTOR_CHUNK_SIZE', default: 500, about: 'Events that a projection takes in one transaction. Larger ones hold the other readers of the log back for longer.' }),
  restMs: integer({ env: 'PROJECTOR_REST_MS', default: 100, unit: 'ms', about: 'Rest between two looks at the log, so that events are taken together: how old the console may be.' }),
  lagEveryMs: integer({ env: 'PROJECTOR_LAG_EVERY_MS', default: 30_000, unit: 'ms', about: 'How often lag is measured, to be reported when there is too much of it.' }),
  lagTooOldMs: integer({ env: 'PROJECTOR_LAG_TOO_OLD_MS', default: 10_000, unit: 'ms', about: 'Age of the oldest event not yet taken from which on lag is reported.' }),
  logLevel: text({ env: 'LOG_LEVEL', default: 'info', about: 'trace, debug, info, warn, error or silent.' }),
});

export type ProjectorConfig = ConfigOf<typeof projectorConfig>;
