import { Module, type DynamicModule } from '@nestjs/common';
import { closing, healthModule } from '#boot';
import { busOptions, connectBus, openPublisher, type Bus, type Publisher } from '#bus';
import { openDatabase, openEventLog, type Database, type EventLog } from '#event-log';
import { actingPartners } from '#partners';
import { createLogger } from '#telemetry';
import { LogTailDoor, RELAY } from './log.tail.ts';
import { openRelay } from './open-relay.ts';
import type { RelayConfig } from './relay.config.ts';

const DATABASE = Symbol('DATABASE');
const EVENT_LOG = Symbol('EVENT_LOG');
const BUS = Symbol('BUS');
const PUBLISHER = Symbol('PUBLISHER');

const resources = (config: RelayConfig) => [
  { provide: DATABASE, useFactory: () => closing(openDatabase({ url: config.databaseUrl, applicationName: 'trunkline-relay', role: 'trunkline_relay', max: 3 }), (db) => db.close()) },
  { provide: EVENT_LOG, inject: [DATABASE], useFactory: (db: Database) => closing(openEventLog(db), (log) => log.close()) },
  { provide: BUS, useFactory: async () => closing(await connectBus(busOptions(config, 'trunkline-relay')), (bus) => bus.close()) },
  { provide: PUBLISHER, inject: [BUS], useFactory: (bus: Bus) => openPublisher(bus) },
];

/** The relay: the log, in order, onto `EVENTS`. */
@Module({})
export class RelayModule {
  static register(config: RelayConfig): DynamicModule {
    return {
      module: RelayModule,
      imports: [
        healthModule({
          inject: [EVENT_LOG, BUS],
          ready: (log: EventLog, bus: Bus) => ({ log: log.ready, bus: bus.connected }),
        }),
      ],
      providers: [
        ...resources(config),
        {
          provide: RELAY,
          inject: [DATABASE, EVENT_LOG, BUS, PUBLISHER],
          useFactory: (db: Database, log: EventLog, bus: Bus, publisher: Publisher) =>
            openRelay({ db, log, bus, publisher, partners: actingPartners, config, logger: createLogger('relay', { level: config.logLevel }) }),
        },
        LogTailDoor,
      ],
    };
  }
}
