import { Module, type DynamicModule } from '@nestjs/common';
import { closing, healthModule } from '#boot';
import { openDatabase, openEventLog, type Database, type EventLog } from '#event-log';
import type { IntegrationSpec, Manifest } from '#contract';
import { resolveIntegration, type Environment } from '#manifest';
import { partnerNamed } from '#partners';
import { createLogger } from '#telemetry';
import type { IngestConfig } from './ingest.config.ts';
import { keepIntegrations, type IntegrationKeeper } from './keep-integrations.ts';
import { keepOutcomes, type OutcomeKeeper } from './keep-outcomes.ts';
import { meterOutcome } from './meter-outcome.ts';
import { openDoor } from './open-door.ts';
import { openIntegrations } from './open-integrations.ts';
import { OUTCOMES, RefusalController } from './refusal.controller.ts';
import { WEBHOOK_DOOR, WebhookController } from './webhook.controller.ts';

const DATABASE = Symbol('DATABASE');
const EVENT_LOG = Symbol('EVENT_LOG');
const INTEGRATIONS = Symbol('INTEGRATIONS');

/** Appends are batched, so one connection writes nearly all of the time; the others read the manifest and wait for an outage to end. */
const CONNECTIONS = 3;

const resources = (config: IngestConfig, env: Environment) => [
  {
    provide: DATABASE,
    useFactory: () => closing(openDatabase({ url: config.databaseUrl, applicationName: 'trunkline-ingest', max: CONNECTIONS }), (db) => db.close()),
  },
  { provide: EVENT_LOG, inject: [DATABASE], useFactory: (db: Database) => closing(openEventLog(db), (log) => log.close()) },
  {
    provide: INTEGRATIONS,
    inject: [EVENT_LOG],
    useFactory: async (log: EventLog) => {
      const resolve = (spec: IntegrationSpec): IntegrationSpec => resolveIntegration(spec, env).spec;
      const open = (manifest: Manifest) => openIntegrations({ partnerNamed, resolve }, manifest);
      return closing(await keepIntegrations({ log, open, everyMs: config.manifestEveryMs }), (keeper) => keeper.stop());
    },
  },
];

/** Ingest: webhooks in, events on record. */
@Module({})
export class IngestModule {
  static register(config: IngestConfig, env: Environment): DynamicModule {
    return {
      module: IngestModule,
      imports: [
        healthModule({
          inject: [EVENT_LOG, INTEGRATIONS],
          ready: (log: EventLog, integrations: IntegrationKeeper) => ({ log: log.ready, manifest: () => integrations.current() !== undefined }),
        }),
      ],
      controllers: [WebhookController, RefusalController],
      providers: [
        ...resources(config, env),
        { provide: OUTCOMES, useFactory: () => keepOutcomes(Date.now, meterOutcome(Date.now)) },
        {
          provide: WEBHOOK_DOOR,
          inject: [EVENT_LOG, INTEGRATIONS, OUTCOMES],
          useFactory: (log: EventLog, integrations: IntegrationKeeper, outcomes: OutcomeKeeper) =>
            openDoor({ log, integrations, outcomes, config, logger: createLogger('ingest', { level: config.logLevel }) }),
        },
      ],
    };
  }
}
