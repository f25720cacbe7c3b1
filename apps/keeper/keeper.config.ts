import { defineConfig, integer, text, type ConfigOf } from '#boot';
import { busSettings } from '#bus';

export const keeperConfig = defineConfig('keeper', {
  databaseUrl: text({ env: 'DATABASE_URL', secret: true, about: 'Postgres with the event log.' }),
  ...busSettings,
  healthPort: integer({ env: 'KEEPER_HEALTH_PORT', default: 3008, about: 'Port of /health/live and /health/ready.' }),
  everyMs: integer({ env: 'KEEPER_EVERY_MS', default: 60_000, min: 100, max: 3_600_000, unit: 'ms', about: 'Rest between two looks at the log: whether it needs partitions, and which of them may go.' }),
  logLevel: text({ env: 'LOG_LEVEL', default: 'info', about: 'trace, debug, info, warn, error or silent.' }),
});

export type KeeperConfig = ConfigOf<typeof keeperConfig>;
