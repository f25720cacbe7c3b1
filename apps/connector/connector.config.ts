import { defineConfig, integer, text, type ConfigOf } from '#boot';
import { busSettings } from '#bus';

export const connectorConfig = defineConfig('connector', {
  partner: text({ env: 'CONNECTOR_PARTNER', about: 'The partner that this process serves, by its name in the registry.' }),
  databaseUrl: text({ env: 'DATABASE_URL', secret: true, about: 'Postgres with the event log and the commands ledger.' }),
  masterKeys: text({ env: 'MASTER_KEYS', secret: true, about: 'Keys that seal credentials and personal data at rest, as <id>:<base64>, separated by commas, the one to seal with first; the same for every room. `trunkline vault new-key` makes one.' }),
  ...busSettings,
  healthPort: integer({ env: 'CONNECTOR_HEALTH_PORT', default: 3005, about: 'Port of /health/live and /health/ready.' }),
  leaseMs: integer({ env: 'CONNECTOR_LEASE_MS', default: 45_000, unit: 'ms', about: 'How long a claimed command is nobody else’s; longer than any call may take.' }),
  ackWaitMs: integer({ env: 'CONNECTOR_ACK_WAIT_MS', default: 30_000, unit: 'ms', about: 'After a connector died with commands in hand, how long until they are handed out again.' }),
  maxAttempts: integer({ env: 'CONNECTOR_MAX_ATTEMPTS', default: 10, about: 'Attempts that fail transiently before a command is dead-lettered.' }),
  backoffBaseMs: integer({ env: 'CONNECTOR_BACKOFF_BASE_MS', default: 500, unit: 'ms', about: 'Longest wait before the second attempt; doubles with each.' }),
  backoffCapMs: integer({ env: 'CONNECTOR_BACKOFF_CAP_MS', default: 300_000, unit: 'ms', about: 'Longest wait between two attempts.' }),
  authPauseMs: integer({ env: 'CONNECTOR_AUTH_PAUSE_MS', default: 60_000, unit: 'ms', about: 'How long an account rests after the partner refused its credentials.' }),
  breakerFailures: integer({ env: 'CONNECTOR_BREAKER_FAILURES', default: 8, about: 'Transient failures in a row that open an account’s breaker.' }),
  breakerFirstOpenMs: integer({ env: 'CONNECTOR_BREAKER_FIRST_OPEN_MS', default: 1_000, unit: 'ms', about: 'How long it stays open at first; doubles with each failed probe.' }),
  breakerMaxOpenMs: integer({ env: 'CONNECTOR_BREAKER_MAX_OPEN_MS', default: 60_000, unit: 'ms', about: 'How long it stays open at most.' }),
  logLevel: text({ env: 'LOG_LEVEL', default: 'info', about: 'trace, debug, info, warn, error or silent.' }),
});

export type ConnectorConfig = ConfigOf<typeof connectorConfig>;
