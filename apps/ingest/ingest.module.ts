import { Module, type DynamicModule } from '@nestjs/common';
import { closing, healthModule, watchVariableFiles } from '#boot';
import { addWebhookTallies, openDatabase, openEventLog, type Database, type EventLog } from '#event-log';
import type { Manifest } from '#contract';
import type { Environment } from '#manifest';
import { maskedFields } from '#partner-kit';
import { partnerNamed, partners } from '#partners';
import { createLogger, type Logger } from '#telemetry';
import { masterKeysFrom, openPeople, openSecretReader, type MasterKeys, type People } from '#vault';
import type { IngestConfig } from './ingest.config.ts';
import { keepIntegrations, type IntegrationKeeper } from './keep-integrations.ts';
import { keepOutcomes, type OutcomeKeeper } from './keep-outcomes.ts';
import { meterOutcome } from './meter-outcome.ts';
import { openDoor } from './open-door.ts';
import { openIntegrations } from './open-integrations.ts';
import { OUTCOMES, RefusalController } from './refusal.controller.ts';
import { resolveLoudly } from './resolve-loudly.ts';
import { tallyWebhooks, type WebhookTallies } from './tally-webhooks.ts';
import { WEBHOOK_DOOR, WebhookController } from './webhook.controller.ts';

const DATABASE = Symbol('DATABASE');
const EVENT_LOG = Symbol('EVENT_LOG');
const MASTER_KEYS = Symbol('MASTER_KEYS');
const PEOPLE = Symbol('PEOPLE');
const LOGGER = Symbol('LOGGER');
const INTEGRATIONS = Symbol('INTEGRATIONS');
const TALLIES = Symbol('TALLIES');

/** Appends are batched, so one connection writes nearly all of the time; the others read the manifest and wait for an outage to end. */
const CONNECTIONS = 3;

/** Hands tallies on every now and then, and not at the end: what a stop loses is a few seconds of counting. */
const flushing = (tallies: WebhookTallies, everyMs: number): WebhookTallies => {
  const timer = setInterval(() => void tallies.flush().catch(() => undefined), everyMs);
  return closing(tallies, () => clearInterval(timer));
};

const resources = (config: IngestConfig, env: Environment) => [
  { provide: LOGGER, useFactory: () => createLogger('ingest', { level: config.logLevel, masked: maskedFields(Object.values(partners)) }) },
  {
    provide: DATABASE,
    useFactory: () => closing(openDatabase({ url: config.databaseUrl, applicationName: 'trunkline-ingest', role: 'trunkline_ingest', max: CONNECTIONS }), (db) => db.close()),
  },
  { provide: EVENT_LOG, inject: [DATABASE], useFactory: (db: Database) => closing(openEventLog(db), (log) => log.close()) },
  { provide: MASTER_KEYS, inject: [LOGGER], useFactory: (logger: Logger) => masterKeysFrom(config.masterKeys, env, logger) },
  { provide: PEOPLE, inject: [DATABASE, MASTER_KEYS], useFactory: (db: Database, keys: MasterKeys) => closing(openPeople(db, keys), (people) => people.close()) },
  {
    provide: INTEGRATIONS,
    inject: [DATABASE, MASTER_KEYS, EVENT_LOG, LOGGER],
    useFactory: async (db: Database, keys: MasterKeys, log: EventLog, logger: Logger) => {
      const [files, secrets] = [watchVariableFiles(env), openSecretReader(db, keys)];
      const stirred = async (): Promise<boolean> => (await Promise.all([files(), secrets.look()])).includes(true);
      const needs = { partnerNamed, resolve: resolveLoudly(env, secrets.find, (problem) => logger.warn(problem, 'a secret of this integration cannot be had')) };
      const open = (manifest: Manifest) => openIntegrations(needs, manifest);
      return closing(await keepIntegrations({ log, open, everyMs: config.manifestEveryMs, stirred }), (keeper) => keeper.stop());
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
        {
          provide: TALLIES,
          inject: [DATABASE, EVENT_LOG],
          useFactory: (db: Database, log: EventLog) => flushing(tallyWebhooks({ add: (tallies) => addWebhookTallies(db, tallies), logReady: log.ready }), config.tallyEveryMs),
        },
        {
          provide: OUTCOMES,
          inject: [TALLIES],
          useFactory: (tallies: WebhookTallies) => {
            const meter = meterOutcome(Date.now);
            return keepOutcomes(Date.now, (outcome) => {
              meter(outcome);
              tallies.count(outcome);
            });
          },
        },
        {
          provide: WEBHOOK_DOOR,
          inject: [EVENT_LOG, PEOPLE, INTEGRATIONS, OUTCOMES, LOGGER],
          useFactory: (...[log, people, integrations, outcomes, logger]: [EventLog, People, IntegrationKeeper, OutcomeKeeper, Logger]) =>
            openDoor({ log, people, integrations, outcomes, config, logger }),
        },
      ],
    };
  }
}
