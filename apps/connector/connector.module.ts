import { Inject, Injectable, Module, type BeforeApplicationShutdown, type DynamicModule, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { hostname } from 'node:os';
import { closing, healthModule } from '#boot';
import { busOptions, connectBus, JetStreamServer, type Bus } from '#bus';
import { HubError, newCorrelationId } from '#contract';
import { openCommandLedger, openDatabase, openEventLog, tellAccountStates, type Database, type EventLog } from '#event-log';
import { maskedFields, type Partner } from '#partner-kit';
import { partnerNamed, partners } from '#partners';
import { createLogger, type Logger } from '#telemetry';
import { masterKeysFrom, openPeople, openSecretReader, openTokenStore, type MasterKeys, type People } from '#vault';
import { CARRY_OUT_COMMAND, CommandConsumer } from './command.consumer.ts';
import type { ConnectorConfig } from './connector.config.ts';
import { openConnector, type Connector } from './open-connector.ts';

const DATABASE = Symbol('DATABASE');
const EVENT_LOG = Symbol('EVENT_LOG');
const PEOPLE = Symbol('PEOPLE');
const BUS = Symbol('BUS');
const MASTER_KEYS = Symbol('MASTER_KEYS');
const LOGGER = Symbol('LOGGER');
const CONNECTOR = Symbol('CONNECTOR');

/** Nest's transport for this room; the application connects it as its microservice. */
export const TRANSPORT = Symbol('TRANSPORT');

@Injectable()
class ConnectorLife implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  constructor(@Inject(CONNECTOR) private readonly connector: Connector) {}

  onApplicationBootstrap(): void {
    this.connector.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.connector.shut();
  }

  onApplicationShutdown(): Promise<void> {
    return this.connector.stop();
  }
}

const partnerOf = (config: ConnectorConfig): Partner => {
  const partner = partnerNamed(config.partner);
  if (partner !== undefined) return partner;
  throw new HubError('config-invalid', `CONNECTOR_PARTNER is ${config.partner}, which the registry does not know. It knows ${Object.keys(partners).join(', ')}.`);
};

const nameOf = (config: ConnectorConfig): string => `trunkline-connector-${config.partner}`;

const resources = (config: ConnectorConfig, env: NodeJS.ProcessEnv) => [
  { provide: LOGGER, useFactory: () => createLogger(`connector-${config.partner}`, { level: config.logLevel, masked: maskedFields([partnerOf(config)]) }) },
  { provide: DATABASE, useFactory: () => closing(openDatabase({ url: config.databaseUrl, applicationName: nameOf(config), role: 'trunkline_connector', max: 3 }), (db) => db.close()) },
  { provide: EVENT_LOG, inject: [DATABASE], useFactory: (db: Database) => closing(openEventLog(db), (log) => log.close()) },
  { provide: MASTER_KEYS, inject: [LOGGER], useFactory: (logger: Logger) => masterKeysFrom(config.masterKeys, env, logger) },
  { provide: PEOPLE, inject: [DATABASE, MASTER_KEYS], useFactory: (db: Database, keys: MasterKeys) => closing(openPeople(db, keys), (people) => people.close()) },
  { provide: BUS, useFactory: async () => closing(await connectBus(busOptions(config, nameOf(config))), (bus) => bus.close()) },
  {
    provide: TRANSPORT,
    inject: [BUS, LOGGER],
    useFactory: (bus: Bus, logger: Logger) => new JetStreamServer({ bus, retryAfterMs: 500, onError: (error) => logger.warn({ err: error }, 'the connector waits') }),
  },
];

const connectorProvider = (config: ConnectorConfig, env: NodeJS.ProcessEnv) => ({
  provide: CONNECTOR,
  inject: [DATABASE, EVENT_LOG, PEOPLE, MASTER_KEYS, TRANSPORT, LOGGER],
  useFactory: (...[db, log, people, keys, server, logger]: [Database, EventLog, People, MasterKeys, JetStreamServer, Logger]) => {
    const owner = `${hostname()}:${process.pid}:${newCorrelationId()}`;
    return openConnector({
      partner: partnerOf(config),
      log,
      people,
      ledger: openCommandLedger(db, { owner, leaseMs: config.leaseMs }),
      secrets: openSecretReader(db, keys),
      tokens: openTokenStore(db, keys),
      server,
      config,
      logger,
      env,
      userAgent: 'trunkline/0.1',
      tellStates: (standings) => tellAccountStates(db, { partner: config.partner, process: owner }, standings),
    });
  },
});

/** The connector: one partner's commands in, calls out, outcomes on record. */
@Module({})
export class ConnectorModule {
  static register(config: ConnectorConfig, env: NodeJS.ProcessEnv): DynamicModule {
    return {
      module: ConnectorModule,
      imports: [healthModule({ inject: [EVENT_LOG, BUS], ready: (log: EventLog, bus: Bus) => ({ log: log.ready, bus: bus.connected }) })],
      controllers: [CommandConsumer],
      providers: [
        ...resources(config, env),
        connectorProvider(config, env),
        { provide: CARRY_OUT_COMMAND, inject: [CONNECTOR], useFactory: (connector: Connector) => connector.carryOut },
        ConnectorLife,
      ],
    };
  }
}
