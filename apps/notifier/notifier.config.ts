import { defineConfig, integer, text, type ConfigOf } from '#boot';
import { busSettings } from '#bus';
import { notifyFields } from '#notify';

export const notifierConfig = defineConfig('notifier', {
  databaseUrl: text({ env: 'DATABASE_URL', secret: true, about: 'Postgres with the event log and the read models.' }),
  ...busSettings,
  healthPort: integer({ env: 'NOTIFIER_HEALTH_PORT', default: 3009, about: 'Port of /health/live and /health/ready.' }),
  everyMs: integer({ env: 'NOTIFY_EVERY_MS', default: 15_000, min: 100, unit: 'ms', about: 'How often the hub is looked at, and failed channels are thought of.' }),
  remindMs: integer({ env: 'NOTIFY_REMIND_MS', default: 14_400_000, min: 60_000, unit: 'ms', about: 'How long after people were told of something they are told again, while it lasts.' }),
  runbooks: text({ env: 'NOTIFY_RUNBOOKS_URL', default: 'docs/runbooks/', about: 'What goes before the file name of a runbook: where you keep the pages of docs/runbooks, with a slash at its end.' }),
  ...notifyFields,
  logLevel: text({ env: 'LOG_LEVEL', default: 'info', about: 'trace, debug, info, warn, error or silent.' }),
});

export type NotifierConfig = ConfigOf<typeof notifierConfig>;
