import { defineConfig, integer, text, type ConfigOf } from '#boot';

export const consoleConfig = defineConfig('console', {
  databaseUrl: text({ env: 'DATABASE_URL', secret: true, about: 'Postgres with the event log and the read models.' }),
  host: text({ env: 'CONSOLE_HOST', default: '127.0.0.1', about: 'Address to listen on. Every caller needs an API key, and keys are sent as they are: leave it local, or put a proxy that speaks TLS in front.' }),
  port: integer({ env: 'CONSOLE_PORT', default: 3001, about: 'Port of the API, its document and its reference.' }),
  queryTimeoutMs: integer({ env: 'CONSOLE_QUERY_TIMEOUT_MS', default: 5_000, unit: 'ms', about: 'How long the database may look for an answer.' }),
  connections: integer({ env: 'CONSOLE_CONNECTIONS', default: 4, about: 'Connections to Postgres at most.' }),
  logLevel: text({ env: 'LOG_LEVEL', default: 'info', about: 'trace, debug, info, warn, error or silent.' }),
});

export type ConsoleConfig = ConfigOf<typeof consoleConfig>;
