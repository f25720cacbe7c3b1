import { defineConfig, integer, text, type ConfigOf } from '#boot';
import { busSettings } from '#bus';

export const relayConfig = defineConfig('relay', {
  databaseUrl: text({ env: 'DATABASE_URL', secret: true, about: 'Postgres with the event log.' }),
  ...busSettings,
  healthPort: integer({ env: 'RELAY_HEALTH_PORT', default: 3003, about: 'Port of /health/live and /health/ready.' }),
  batchSize: integer({ env: 'RELAY_BATCH_SIZE', default: 500, about: 'Events read and published at once.' }),
  rewindLostMs: integer({ env: 'RELAY_REWIND_LOST_MS', default: 86_400_000, unit: 'ms', about: 'How far to go back in the log when a stream was lost.' }),
  rewindRestartedMs: integer({ env: 'RELAY_REWIND_RESTARTED_MS', default: 300_000, unit: 'ms', about: 'How far to go back when the NATS server was restarted: longer than it may keep messages off the disk.' }),
  commandsPerSubject: integer({ env: 'COMMANDS_PER_SUBJECT', default: 1_000_000, about: 'Commands that may wait per partner, lane, integration and action.' }),
  logLevel: text({ env: 'LOG_LEVEL', default: 'info', about: 'trace, debug, info, warn, error or silent.' }),
});

export type RelayConfig = ConfigOf<typeof relayConfig>;
