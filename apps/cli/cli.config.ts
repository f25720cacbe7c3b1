import { defineConfig, text, type ConfigOf } from '#boot';

export const cliConfig = defineConfig('cli', {
  databaseUrl: text({ env: 'DATABASE_URL', secret: true, about: 'Postgres with the event log; for migrate, as its owner.' }),
  masterKeys: text({ env: 'MASTER_KEYS', default: '', secret: true, about: 'Keys that seal credentials and personal data at rest; for the commands that open or seal something.' }),
});

export type CliConfig = ConfigOf<typeof cliConfig>;
