import { addresses, defineConfig, integer, text, type ConfigOf } from '#boot';

export const consoleConfig = defineConfig('console', {
  databaseUrl: text({ env: 'DATABASE_URL', secret: true, about: 'Postgres with the event log and the read models.' }),
  masterKeys: text({ env: 'MASTER_KEYS', secret: true, about: 'Keys that seal credentials and personal data at rest, as <id>:<base64>, separated by commas, the one to seal with first; the same for every room. `trunkline vault new-key` makes one.' }),
  host: text({ env: 'CONSOLE_HOST', default: '127.0.0.1', about: 'Address to listen on. Every caller needs an API key, and keys are sent as they are: leave it local, or put a proxy that speaks TLS in front.' }),
  port: integer({ env: 'CONSOLE_PORT', default: 3001, about: 'Port of the API, its document and its reference.' }),
  allowFrom: addresses({ env: 'CONSOLE_ALLOW_FROM', default: [], about: 'Who may call; everyone when unset. `/health/` is told to everyone.' }),
  trustedProxies: addresses({ env: 'TRUSTED_PROXIES', default: [], about: 'Proxies whose X-Forwarded-For is believed. Unset: the address is that of the connection.' }),
  ratePerSecond: integer({ env: 'CONSOLE_RATE_PER_SECOND', default: 100, unit: 'requests/s', about: 'What one address may ask; 0 sets no limit.' }),
  ratePerKey: integer({ env: 'CONSOLE_RATE_PER_KEY', default: 50, unit: 'requests/s', about: 'What one API key may ask, from wherever; 0 sets no limit.' }),
  traceUiUrl: text({ env: 'TRACE_UI_URL', default: '', about: 'Where a person sees a trace, for example `http://localhost:16686/trace/{traceId}`; timelines then link to it. Without `{traceId}`, `/trace/<trace id>` is added, as Jaeger has it.' }),
  queryTimeoutMs: integer({ env: 'CONSOLE_QUERY_TIMEOUT_MS', default: 5_000, unit: 'ms', about: 'How long the database may look for an answer.' }),
  connections: integer({ env: 'CONSOLE_CONNECTIONS', default: 4, about: 'Connections to Postgres at most.' }),
  logLevel: text({ env: 'LOG_LEVEL', default: 'info', about: 'trace, debug, info, warn, error or silent.' }),
});

export type ConsoleConfig = ConfigOf<typeof consoleConfig>;
