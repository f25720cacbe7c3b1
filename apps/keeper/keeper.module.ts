import { Module, type DynamicModule } from '@nestjs/common';
import { closing, healthModule } from '#boot';
import { busOptions, connectBus, type Bus } from '#bus';
import { openDatabase, openEventLog, type Database, type EventLog } from '#event-log';
import { createLogger, type Logger } from '#telemetry';
import { masterKeysFrom, openPeople, type People } from '#vault';
import { CONSENT, ConsentTailDoor } from './consent.tail.ts';
import type { KeeperConfig } from './keeper.config.ts';
import type { Chore } from './open-chore.ts';
import { openConsent } from './open-consent.ts';
import { openRetention } from './open-retention.ts';
import { RETENTION, RetentionTicker } from './retention.ticker.ts';

const DATABASE = Symbol('DATABASE');
const EVENT_LOG = Symbol('EVENT_LOG');
const BUS = Symbol('BUS');
const PEOPLE = Symbol('PEOPLE');

/** A segment is read as a whole before it goes. */
const STATEMENT_TIMEOUT_MS = 300_000;

const resources = (config: KeeperConfig, env: NodeJS.ProcessEnv, logger: Logger) => [
  { provide: DATABASE, useFactory: () => closing(openDatabase({ url: config.databaseUrl, applicationName: 'trunkline-keeper', role: 'trunkline_keeper', max: 2, timeoutMs: STATEMENT_TIMEOUT_MS }), (db) => db.close()) },
  { provide: EVENT_LOG, inject: [DATABASE], useFactory: (db: Database) => closing(openEventLog(db), (log) => log.close()) },
  {
    provide: PEOPLE,
    inject: [DATABASE],
    useFactory: (db: Database) => closing(openPeople(db, masterKeysFrom(config.masterKeys, env, logger)), (people) => people.close()),
  },
  { provide: BUS, useFactory: async () => closing(await connectBus(busOptions(config, 'trunkline-keeper')), (bus) => bus.close()) },
];

/** The keeper: the log's chores, each with a door of its own. */
@Module({})
export class KeeperModule {
  static register(config: KeeperConfig, env: NodeJS.ProcessEnv): DynamicModule {
    const logger = createLogger('keeper', { level: config.logLevel });
    return {
      module: KeeperModule,
      imports: [healthModule({ inject: [EVENT_LOG, BUS, RETENTION], ready: (log: EventLog, bus: Bus, retention: Chore) => ({ log: log.ready, bus: bus.connected, retention: retention.ready }) })],
      providers: [
        ...resources(config, env, logger),
        {
          provide: RETENTION,
          inject: [DATABASE, BUS],
          useFactory: (db: Database, bus: Bus) => openRetention({ db, bus, config, logger }),
        },
        RetentionTicker,
        {
          provide: CONSENT,
          inject: [DATABASE, EVENT_LOG, PEOPLE],
          useFactory: (db: Database, log: EventLog, people: People) => 
            openConsent({
              db, log, people, onError: (error) => logger.warn({ err: error }, 'consent waits'),
              passedOver: ({ id, partner, integration }, why) =>
                logger.error({ eventId: id, account: `${partner}.${integration}`, why: why.message }, 'what this event says about messages cannot be read and was passed over. Give the master key back to MASTER_KEYS, read the event, and put it on the list by hand: trunkline people suppress'),
            }),
        },
        ConsentTailDoor,
      ],
    };
  }
}
