import { defineConfig, integer, text, type ConfigOf } from '#boot';

export const schedulerConfig = defineConfig('scheduler', {
  databaseUrl: text({ env: 'DATABASE_URL', secret: true, about: 'Postgres with the event log.' }),
  healthPort: integer({ env: 'SCHEDULER_HEALTH_PORT', default: 3006, about: 'Port of /health/live and /health/ready.' }),
  tickMs: integer({ env: 'SCHEDULER_TICK_MS', default: 1_000, unit: 'ms', about: 'How often it is looked whether a schedule is due.' }),
  logLevel: text({ env: 'LOG_LEVEL', default: 'info', about: 'trace, debug, info, warn, error or silent.' }),
});

export type SchedulerConfig = ConfigOf<typeof schedulerConfig>;
