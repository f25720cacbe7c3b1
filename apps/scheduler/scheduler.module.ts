import { Module, type DynamicModule } from '@nestjs/common';
import { closing, healthModule } from '#boot';
import { openDatabase, openEventLog, type Database, type EventLog } from '#event-log';
import { createLogger } from '#telemetry';
import { openScheduler } from './open-scheduler.ts';
import { SCHEDULER, ScheduleTicker } from './schedule.ticker.ts';
import type { SchedulerConfig } from './scheduler.config.ts';

const DATABASE = Symbol('DATABASE');
const EVENT_LOG = Symbol('EVENT_LOG');

/** The scheduler: the clock in, `schedule.fired` out. */
@Module({})
export class SchedulerModule {
  static register(config: SchedulerConfig): DynamicModule {
    return {
      module: SchedulerModule,
      imports: [healthModule({ inject: [EVENT_LOG], ready: (log: EventLog) => ({ log: log.ready }) })],
      providers: [
        { provide: DATABASE, useFactory: () => closing(openDatabase({ url: config.databaseUrl, applicationName: 'trunkline-scheduler', role: 'trunkline_scheduler', max: 2 }), (db) => db.close()) },
        { provide: EVENT_LOG, inject: [DATABASE], useFactory: (db: Database) => closing(openEventLog(db), (log) => log.close()) },
        {
          provide: SCHEDULER,
          inject: [EVENT_LOG],
          useFactory: () => openScheduler({ tick: async () => undefined, config, logger: createLogger('scheduler', { level: config.logLevel }) }),
        },
        ScheduleTicker,
      ],
    };
  }
}
