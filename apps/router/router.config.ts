import { defineConfig, integer, text, type ConfigOf } from '#boot';
import { busSettings } from '#bus';

export const routerConfig = defineConfig('router', {
  databaseUrl: text({ env: 'DATABASE_URL', secret: true, about: 'Postgres with the event log; the router reads the applied manifests and the keys of persons.' }),
  masterKeys: text({ env: 'MASTER_KEYS', secret: true, about: 'Keys that seal credentials and personal data at rest, as <id>:<base64>, separated by commas, the one to seal with first; the same for every room. `trunkline vault new-key` makes one.' }),
  ...busSettings,
  healthPort: integer({ env: 'ROUTER_HEALTH_PORT', default: 3004, about: 'Port of /health/live and /health/ready.' }),
  batchSize: integer({ env: 'ROUTER_BATCH_SIZE', default: 250, about: 'Events routed at once.' }),
  ackWaitMs: integer({ env: 'ROUTER_ACK_WAIT_MS', default: 30_000, unit: 'ms', about: 'After a router died with events in hand, how long until they are routed again.' }),
  logLevel: text({ env: 'LOG_LEVEL', default: 'info', about: 'trace, debug, info, warn, error or silent.' }),
});

export type RouterConfig = ConfigOf<typeof routerConfig>;
