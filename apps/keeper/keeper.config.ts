import { defineConfig, integer, text, type ConfigOf } from '#boot';
import { busSettings } from '#bus';

export const keeperConfig = defineConfig('keeper', {
  databaseUrl: text({ env: 'DATABASE_URL', secret: true, about: 'Postgres with the event log.' }),
  masterKeys: text({ env: 'MASTER_KEYS', secret: true, about: 'Keys that seal credentials and personal data at rest, as <id>:<base64>, separated by commas, the one to seal with first; the same for every room. `trunkline vault new-key` makes one.' }),
  ...busSettings,
  healthPort: integer({ env: 'KEEPER_HEALTH_PORT', default: 3008, about: 'Port of /health/live and /health/ready.' }),
  everyMs: integer({ env: 'KEEPER_EVERY_MS', default: 60_000, min: 100, max: 3_600_000, unit: 'ms', about: 'Rest between two looks at the log: whether it needs partitions, and which of them may go.' }),
  logLevel: text({ env: 'LOG_LEVEL', default: 'info', about: 'trace, debug, info, warn, error or silent.' }),
});

export type KeeperConfig = ConfigOf<typeof keeperConfig>;
