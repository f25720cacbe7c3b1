import { Module, type DynamicModule } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { closing, healthModule, limitRate } from '#boot';
import { ALL_TENANTS, forTenant, openDatabase, openEventLog, type Database, type DatabaseOptions, type EventLog } from '#event-log';
import { observeBudgets, observeReaderLag } from '#read-models';
import { createLogger } from '#telemetry';
import {
  masterKeysFrom, openApiKeys, openKeyring, openPeople, openSecrets, type ApiKeys, type Keyring, type MasterKeys, type People, type Secrets,
} from '#vault';
import { AccessGuard } from './access.guard.ts';
import { BudgetController } from './budget.controller.ts';
import type { ConsoleConfig } from './console.config.ts';
import { DeadLetterController } from './dead-letter.controller.ts';
import { DeliveryController } from './delivery.controller.ts';
import { EventController } from './event.controller.ts';
import {
  CREATE_KEY, DECIDE_SUPPRESSION, ERASE_PERSON, EXPORT_PERSON, FIND_PERSON, flowFor, LIST_BUDGETS, LIST_COMMANDS, LIST_DEAD_LETTERS, LIST_EVENTS, LIST_INTEGRATIONS,
  LIST_KEYS, LIST_SECRETS, openFlows, REDRIVE_COMMAND, REMOVE_SECRET, REVOKE_KEY, SET_SECRET, SHOW_COMMAND, SHOW_EVENT, TELL_HEALTH, TELL_TIMELINE, type Flows,
} from './flows.ts';
import { HubHealthController } from './hub-health.controller.ts';
import { IntegrationController } from './integration.controller.ts';
import { KeyController } from './key.controller.ts';
import { PeopleController } from './people.controller.ts';
import { RedriveController } from './redrive.controller.ts';
import { createRoutesInForce, type RoutesInForce } from './routes-in-force.ts';
import { SecretController } from './secret.controller.ts';
import { TimelineController } from './timeline.controller.ts';
import { traceUrlOf } from './trace-url.ts';

const DATABASE = Symbol('DATABASE');
const EVENT_LOG = Symbol('EVENT_LOG');
const MASTER_KEYS = Symbol('MASTER_KEYS');
const PEOPLE = Symbol('PEOPLE');
const API_KEYS = Symbol('API_KEYS');
const KEYRING = Symbol('KEYRING');
const ROUTES = Symbol('ROUTES');
const SECRETS = Symbol('SECRETS');
const FLOWS = Symbol('FLOWS');
const READER_LAG = Symbol('READER_LAG');
const BUDGETS = Symbol('BUDGETS');

const resources = (config: ConsoleConfig, env: NodeJS.ProcessEnv) => [
  {
    provide: DATABASE,
    useFactory: () => {
      const options: DatabaseOptions = { url: config.databaseUrl, applicationName: 'trunkline-console', role: 'trunkline_console', max: config.connections, timeoutMs: config.queryTimeoutMs };
      return closing(openDatabase(options), (db) => db.close());
    },
  },
  { provide: EVENT_LOG, inject: [DATABASE], useFactory: (db: Database) => closing(openEventLog(db), (log) => log.close()) },
  // Told here too: the projector cannot tell that it is not running.
  { provide: READER_LAG, inject: [DATABASE], useFactory: (db: Database) => closing({ stop: observeReaderLag(forTenant(db, ALL_TENANTS)) }, ({ stop }) => stop()) },
  { provide: ROUTES, inject: [EVENT_LOG], useFactory: (log: EventLog) => createRoutesInForce(log) },
  // The console knows the manifest and the counts; the projector, which counts, knows no manifest.
  {
    provide: BUDGETS,
    inject: [DATABASE, ROUTES],
    useFactory: (db: Database, routes: RoutesInForce) => {
      const specs = async () => (await routes.newest())?.manifest.integrations ?? [];
      return closing({ stop: observeBudgets(forTenant(db, ALL_TENANTS), specs, () => new Date()) }, ({ stop }) => stop());
    },
  },
  { provide: MASTER_KEYS, useFactory: () => masterKeysFrom(config.masterKeys, env, createLogger('console', { level: config.logLevel })) },
  { provide: PEOPLE, inject: [DATABASE, MASTER_KEYS], useFactory: (db: Database, keys: MasterKeys) => closing(openPeople(forTenant(db, ALL_TENANTS), keys), (people) => people.close()) },
  // Whose a key is turns out only when it is found.
  { provide: API_KEYS, inject: [DATABASE], useFactory: (db: Database) => openApiKeys(forTenant(db, ALL_TENANTS)) },
  {
    provide: SECRETS,
    inject: [DATABASE, MASTER_KEYS],
    useFactory: (db: Database, keys: MasterKeys) => openSecrets(forTenant(db, ALL_TENANTS), () => keys),
  },
  { provide: KEYRING, inject: [API_KEYS, EVENT_LOG], useFactory: ({ find, noteUse }: ApiKeys, log: EventLog) => openKeyring({ find, noteUse, nowMs: log.now }) },
  { provide: APP_GUARD, inject: [KEYRING], useFactory: (keyring: Keyring) => new AccessGuard(keyring, config.ratePerKey === 0 ? undefined : limitRate(config.ratePerKey, () => performance.now())) },
  {
    provide: FLOWS,
    inject: [DATABASE, EVENT_LOG, PEOPLE, ROUTES, API_KEYS, KEYRING, SECRETS],
    useFactory: (...[db, log, people, routes, keys, keyring, secrets]: [Database, EventLog, People, RoutesInForce, ApiKeys, Keyring, Secrets]) =>
      openFlows({ db, log, people, routes, keys, keyring, secrets, traceUrl: traceUrlOf(config.traceUiUrl) }),
  },
];

const one = (token: symbol, name: keyof Flows) => ({ provide: token, inject: [FLOWS], useFactory: (flows: ReturnType<typeof openFlows>) => flowFor(flows, name) });

const flows = [
  one(LIST_EVENTS, 'listEvents'),
  one(SHOW_EVENT, 'showEvent'),
  one(TELL_TIMELINE, 'tellTimeline'),
  one(LIST_COMMANDS, 'listCommands'),
  one(SHOW_COMMAND, 'showCommand'),
  one(LIST_DEAD_LETTERS, 'listDeadLetters'),
  one(REDRIVE_COMMAND, 'redriveCommand'),
  one(LIST_INTEGRATIONS, 'listIntegrations'),
  one(LIST_BUDGETS, 'listBudgets'),
  one(TELL_HEALTH, 'tellHealth'),
  one(LIST_KEYS, 'listKeys'),
  one(CREATE_KEY, 'createKey'),
  one(REVOKE_KEY, 'revokeKey'),
  one(FIND_PERSON, 'findPerson'),
  one(EXPORT_PERSON, 'exportPerson'),
  one(ERASE_PERSON, 'erasePerson'),
  one(DECIDE_SUPPRESSION, 'decideSuppression'),
  one(LIST_SECRETS, 'listSecrets'),
  one(SET_SECRET, 'setSecret'),
  one(REMOVE_SECRET, 'removeSecret'),
];

/** The console: what people ask of the hub. It reads, asks the ledger for a redrive, hands out keys and takes secrets; it changes no read model. Nobody comes in without a key. */
@Module({})
export class ConsoleModule {
  static register(config: ConsoleConfig, env: NodeJS.ProcessEnv): DynamicModule {
    return {
      module: ConsoleModule,
      imports: [healthModule({ inject: [EVENT_LOG], ready: (log: EventLog) => ({ log: log.ready }) })],
      controllers: [
        EventController, TimelineController, DeliveryController, DeadLetterController, RedriveController, IntegrationController, BudgetController,
        HubHealthController, KeyController, SecretController, PeopleController,
      ],
      providers: [...resources(config, env), ...flows],
    };
  }
}
