import { addresses, defineConfig, integer, text, type ConfigOf } from '#boot';

export const ingestConfig = defineConfig('ingest', {
  databaseUrl: text({ env: 'DATABASE_URL', secret: true, about: 'Postgres with the event log.' }),
  masterKeys: text({ env: 'MASTER_KEYS', secret: true, about: 'Keys that seal credentials and personal data at rest, as <id>:<base64>, separated by commas, the one to seal with first; the same for every room. `trunkline vault new-key` makes one.' }),
  host: text({ env: 'INGEST_HOST', default: '0.0.0.0', about: 'Address to listen on.' }),
  port: integer({ env: 'INGEST_PORT', default: 3000, about: 'Port that partners send webhooks to.' }),
  publicUrl: text({ env: 'INGEST_PUBLIC_URL', default: '', about: 'What partners were told to send to, up to the path. Needed for partners that sign the URL, behind a proxy.' }),
  maxBodyBytes: integer({ env: 'INGEST_MAX_BODY_BYTES', default: 1_048_576, unit: 'bytes', about: 'A larger body is refused.' }),
  ratePerSecond: integer({ env: 'INGEST_RATE_PER_SECOND', default: 0, unit: 'webhooks/s', about: 'What one address may send to one integration; 0 sets no limit.' }),
  trustedProxies: addresses({ env: 'TRUSTED_PROXIES', default: [], about: 'Proxies whose X-Forwarded-For is believed. Unset: the address is that of the connection.' }),
  headWithinMs: integer({ env: 'INGEST_HEAD_WITHIN_MS', default: 10_000, unit: 'ms', about: 'How long a request may take to send its headers.' }),
  requestWithinMs: integer({ env: 'INGEST_REQUEST_WITHIN_MS', default: 30_000, unit: 'ms', about: 'How long a request may take to arrive whole.' }),
  maxConnections: integer({ env: 'INGEST_MAX_CONNECTIONS', default: 10_000, about: 'Connections at once; more are closed unanswered.' }),
  manifestEveryMs: integer({ env: 'INGEST_MANIFEST_EVERY_MS', default: 1_000, unit: 'ms', about: 'How often to look for a newly applied manifest.' }),
  tallyEveryMs: integer({ env: 'INGEST_TALLY_EVERY_MS', default: 10_000, min: 100, unit: 'ms', about: 'How often what became of webhooks is added up in Postgres, where the notifier looks.' }),
  logLevel: text({ env: 'LOG_LEVEL', default: 'info', about: 'trace, debug, info, warn, error or silent. Accepted webhooks are logged at debug.' }),
});

export type IngestConfig = ConfigOf<typeof ingestConfig>;
