import { defineConfig, text, type ConfigOf } from '#boot';

export const cliConfig = defineConfig('cli', {
  databaseUrl: text({ env: 'DATABASE_URL', secret: true, about: 'Postgres with the event log; for migrate, as its owner.' }),
});

export type CliConfig = ConfigOf<typeof cliConfig>;
