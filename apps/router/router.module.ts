import { Inject, Injectable, Module, type DynamicModule, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { closing, healthModule } from '#boot';
import { busOptions, connectBus, JetStreamServer, type Bus } from '#bus';
import { openDatabase, openEventLog, type Database, type EventLog } from '#event-log';
import { createLogger, type Logger } from '#telemetry';
import { masterKeysFrom, openPeople, type People } from '#vault';
import { EventConsumer, ROUTE_EVENTS } from './event.consumer.ts';
import { openRouter, type Router } from './open-router.ts';
import type { RouterConfig } from './router.config.ts';

const DATABASE = Symbol('DATABASE');
const EVENT_LOG = Symbol('EVENT_LOG');
const PEOPLE = Symbol('PEOPLE');
const BUS = Symbol('BUS');
const LOGGER = Symbol('LOGGER');
const ROUTER = Symbol('ROUTER');

/** Nest's transport for this room; the application connects it as its microservice. */
export const TRANSPORT = Symbol('TRANSPORT');

@Injectable()
class RouterLife implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(@Inject(ROUTER) private readonly router: Router) {}

  onApplicationBootstrap(): void {
    this.router.start();
  }

  onApplicationShutdown(): Promise<void> {
    return this.router.stop();
  }
}

const resources = (config: RouterConfig, env: NodeJS.ProcessEnv) => [
  { provide: LOGGER, useFactory: () => createLogger('router', { level: config.logLevel }) },
  { provide: DATABASE, useFactory: () => closing(openDatabase({ url: config.databaseUrl, applicationName: 'trunkline-router', role: 'trunkline_router', max: 2 }), (db) => db.close()) },
  { provide: EVENT_LOG, inject: [DATABASE], useFactory: (db: Database) => closing(openEventLog(db), (log) => log.close()) },
  {
    provide: PEOPLE,
    inject: [DATABASE, LOGGER],
    useFactory: (db: Database, logger: Logger) => closing(openPeople(db, masterKeysFrom(config.masterKeys, env, logger)), (people) => people.close()),
  },
  { provide: BUS, useFactory: async () => closing(await connectBus(busOptions(config, 'trunkline-router')), (bus) => bus.close()) },
  {
    provide: TRANSPORT,
    inject: [BUS, LOGGER],
    useFactory: (bus: Bus, logger: Logger) =>
      new JetStreamServer({ bus, retryAfterMs: 500, onError: (error) => logger.warn({ err: error }, 'the router waits') }),
  },
];

/** The router: events in, commands out. */
@Module({})
export class RouterModule {
  static register(config: RouterConfig, env: NodeJS.ProcessEnv): DynamicModule {
    return {
      module: RouterModule,
      imports: [healthModule({ inject: [EVENT_LOG, BUS], ready: (log: EventLog, bus: Bus) => ({ log: log.ready, bus: bus.connected }) })],
      controllers: [EventConsumer],
      providers: [
        ...resources(config, env),
        {
          provide: ROUTER,
          inject: [EVENT_LOG, PEOPLE, BUS, TRANSPORT, LOGGER],
          useFactory: (...[log, people, bus, server, logger]: [EventLog, People, Bus, JetStreamServer, Logger]) => openRouter({ log, people, bus, server, config, logger }),
        },
        { provide: ROUTE_EVENTS, inject: [ROUTER], useFactory: (router: Router) => router.routeEvents },
        RouterLife,
      ],
    };
  }
}
