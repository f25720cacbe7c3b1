import { setTimeout as pause } from 'node:timers/promises';
import { Module, type DynamicModule } from '@nestjs/common';
import { closing, healthModule } from '#boot';
import { connectBus, type Bus } from '#bus';
import { openDatabase, openEventLog, type Database, type EventLog } from '#event-log';
import { createLogger } from '#telemetry';
import type { KeeperConfig } from './keeper.config.ts';
import { openChore } from './open-chore.ts';
import { RETENTION, RetentionTicker } from './retention.ticker.ts';

const DATABASE = Symbol('DATABASE');
const EVENT_LOG = Symbol('EVENT_LOG');
const BUS = Symbol('BUS');

const resources = (config: KeeperConfig) => [
  { provide: DATABASE, useFactory: () => closing(openDatabase({ url: config.databaseUrl, applicationName: 'trunkline-keeper', max: 2 }), (db) => db.close()) },
  { provide: EVENT_LOG, inject: [DATABASE], useFactory: (db: Database) => closing(openEventLog(db), (log) => log.close()) },
  { provide: BUS, useFactory: async () => closing(await connectBus({ url: config.natsUrl, name: 'trunkline-keeper' }), (bus) => bus.close()) },
];

/** The keeper: the log's chores, each with a door of its own. */
@Module({})
export class KeeperModule {
  static register(config: KeeperConfig): DynamicModule {
    const logger = createLogger('keeper', { level: config.logLevel });
    return {
      module: KeeperModule,
      imports: [healthModule({ inject: [EVENT_LOG, BUS], ready: (log: EventLog, bus: Bus) => ({ log: log.ready, bus: bus.connected }) })],
      providers: [
        ...resources(config),
        {
          provide: RETENTION,
          useFactory: () => openChore({ round: async () => undefined, sleep: (ms, signal) => pause(ms, undefined, { signal }), everyMs: config.everyMs, onError: (error) => logger.warn({ err: error }, 'retention waits') }),
        },
        RetentionTicker,
      ],
    };
  }
}
