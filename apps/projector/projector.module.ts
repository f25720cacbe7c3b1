import { Module, type DynamicModule } from '@nestjs/common';
import { closing, healthModule } from '#boot';
import { openDatabase, openEventLog, type Database, type EventLog } from '#event-log';
import type { Logger } from '#telemetry';
import { LogTailDoor, PROJECTOR } from './log.tail.ts';
import { openProjector, type Projector } from './open-projector.ts';
import type { ProjectorConfig } from './projector.config.ts';

const DATABASE = Symbol('DATABASE');
const EVENT_LOG = Symbol('EVENT_LOG');

/** A chunk may take longer than an append; a rebuild's first ones do. */
const STATEMENT_TIMEOUT_MS = 15_000;

const resources = (config: ProjectorConfig) => [
  {
    provide: DATABASE,
    useFactory: () =>
      closing(openDatabase({ url: config.databaseUrl, applicationName: 'trunkline-projector', role: 'trunkline_projector', max: 2, timeoutMs: STATEMENT_TIMEOUT_MS }), (db) => db.close()),
  },
  { provide: EVENT_LOG, inject: [DATABASE], useFactory: (db: Database) => closing(openEventLog(db), (log) => log.close()) },
];

/** The projector: the log, in order, into read models. */
@Module({})
export class ProjectorModule {
  static register(config: ProjectorConfig, logger: Logger): DynamicModule {
    return {
      module: ProjectorModule,
      imports: [healthModule({ inject: [PROJECTOR], ready: (projector: Projector) => ({ projections: projector.ready }) })],
      providers: [
        ...resources(config),
        {
          provide: PROJECTOR,
          inject: [DATABASE, EVENT_LOG],
          useFactory: (db: Database, log: EventLog) => openProjector({ db, log, config, logger }),
        },
        LogTailDoor,
      ],
    };
  }
}
