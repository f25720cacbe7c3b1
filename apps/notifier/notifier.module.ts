import { Module, type DynamicModule } from '@nestjs/common';
import { closing, healthModule, untilItWorks } from '#boot';
import { busOptions, connectBus, type Bus, type BusOptions } from '#bus';
import { openDatabase, openEventLog, type Database, type EventLog } from '#event-log';
import type { Channel } from '#notify';
import { createLogger, type Logger } from '#telemetry';
import { LookTicker, NOTIFIER } from './look.ticker.ts';
import type { NotifierConfig } from './notifier.config.ts';
import { openNotifier, type Notifier } from './open-notifier.ts';

const DATABASE = Symbol('DATABASE');
const EVENT_LOG = Symbol('EVENT_LOG');
const BUS = Symbol('BUS');
const LOGGER = Symbol('LOGGER');

type LateBus = { current(): Bus | undefined };

/** A connection that is there when NATS is: the notifier is to start, and to tell, while it is not. */
const connectLater = (options: BusOptions, logger: Logger): LateBus => {
  const stopping = new AbortController();
  let bus: Bus | undefined;
  const connect = async (): Promise<void> => {
    const connected = await connectBus(options);
    if (stopping.signal.aborted) await connected.close();
    else bus = connected;
  };
  void untilItWorks(connect, stopping.signal, (error) => logger.warn({ err: error }, 'NATS cannot be reached; what is told of queues waits for it'));
  return closing({ current: () => bus }, async () => {
    stopping.abort();
    await bus?.close();
  });
};

const resources = (config: NotifierConfig, channels: readonly Channel[]) => [
  { provide: LOGGER, useFactory: () => createLogger('notifier', { level: config.logLevel }) },
  { provide: DATABASE, useFactory: () => closing(openDatabase({ url: config.databaseUrl, applicationName: 'trunkline-notifier', role: 'trunkline_notifier', max: 2 }), (db) => db.close()) },
  { provide: EVENT_LOG, inject: [DATABASE], useFactory: (db: Database) => closing(openEventLog(db), (log) => log.close()) },
  {
    provide: BUS,
    inject: [LOGGER],
    // Who tells nobody need not look.
    useFactory: (logger: Logger): LateBus => (channels.length === 0 ? { current: () => undefined } : connectLater(busOptions(config, 'trunkline-notifier'), logger)),
  },
];

/** The notifier: looks at the hub, and tells people when something is wrong and when it is over. */
@Module({})
export class NotifierModule {
  static register(config: NotifierConfig, channels: readonly Channel[]): DynamicModule {
    return {
      module: NotifierModule,
      imports: [healthModule({ inject: [NOTIFIER], ready: (notifier: Notifier) => notifier.checks() })],
      providers: [
        ...resources(config, channels),
        {
          provide: NOTIFIER,
          inject: [DATABASE, EVENT_LOG, BUS, LOGGER],
          useFactory: (db: Database, log: EventLog, bus: LateBus, logger: Logger) =>
            openNotifier({ db, log, bus: bus.current, channels, config, logger, now: () => ({ at: log.now(), steady: performance.now() }), machineNow: Date.now }),
        },
        LookTicker,
      ],
    };
  }
}
