import { attemptSpanId, type Acting } from '#contract';
import { ALL_TENANTS, forTenant, listHeld, type Database, type EventLog } from '#event-log';
import { measureLag, type CommandView as Command, type Page } from '#read-models';
import { currentTraceparent, spanOf, withSpan, type SpanOptions } from '#telemetry';
import type { ApiKeys, Keyring, People, Secrets } from '#vault';
import { createKey } from './create-key.flow.ts';
import { listFollowUps, listPossibleFollowUps } from './list-follow-ups.ts';
import { listIntegrations } from './list-integrations.flow.ts';
import type { CommandQuery, DeadLetterQuery, EventQuery } from './queries.ts';
import { peopleFor } from './people-for.ts';
import { redriveCommand } from './redrive-command.flow.ts';
import { revokeKey } from './revoke-key.flow.ts';
import type { RoutesInForce } from './routes-in-force.ts';
import { showCommand } from './show-command.flow.ts';
import { showEvent } from './show-event.flow.ts';
import { tellHealth } from './tell-health.flow.ts';
import { tellTimeline } from './tell-timeline.flow.ts';
import type { TraceUrl } from './trace-url.ts';
import { behindTenantWall } from './tenant-wall.ts';
import type { CommandPage } from './views/command.view.ts';
import { describeBudget } from './words/describe-budget.ts';
import { describeCommand } from './words/describe-command.ts';

export const LIST_EVENTS = Symbol('LIST_EVENTS');
export const SHOW_EVENT = Symbol('SHOW_EVENT');
export const TELL_TIMELINE = Symbol('TELL_TIMELINE');
export const LIST_COMMANDS = Symbol('LIST_COMMANDS');
export const SHOW_COMMAND = Symbol('SHOW_COMMAND');
export const LIST_DEAD_LETTERS = Symbol('LIST_DEAD_LETTERS');
export const REDRIVE_COMMAND = Symbol('REDRIVE_COMMAND');
export const LIST_INTEGRATIONS = Symbol('LIST_INTEGRATIONS');
export const LIST_BUDGETS = Symbol('LIST_BUDGETS');
export const TELL_HEALTH = Symbol('TELL_HEALTH');
export const LIST_KEYS = Symbol('LIST_KEYS');
export const CREATE_KEY = Symbol('CREATE_KEY');
export const REVOKE_KEY = Symbol('REVOKE_KEY');
export const FIND_PERSON = Symbol('FIND_PERSON');
export const EXPORT_PERSON = Symbol('EXPORT_PERSON');
export const ERASE_PERSON = Symbol('ERASE_PERSON');
export const DECIDE_SUPPRESSION = Symbol('DECIDE_SUPPRESSION');
export const LIST_SECRETS = Symbol('LIST_SECRETS');
export const SET_SECRET = Symbol('SET_SECRET');
export const REMOVE_SECRET = Symbol('REMOVE_SECRET');

const inWords = ({ items, next }: Page<Command>): CommandPage => ({ items: items.map((command) => ({ ...command, words: describeCommand(command) })), next });

/** A redrive shows in the flow of the command, and points at the attempt that it repeats and at the request that asked for it. */
const redriveOf = ({ id, correlationId, attempts }: Command): SpanOptions => {
  const request = currentTraceparent();
  return {
    correlationId,
    kind: 'server',
    repeats: true,
    links: [{ to: spanOf(correlationId, attemptSpanId(id, attempts)), as: 'repeats' }, ...(request === undefined ? [] : [{ to: request, as: 'asked-for-by' as const }])],
    attributes: { 'trunkline.command.id': id },
  };
};

type Sources = { db: Database; log: EventLog; people: People; routes: RoutesInForce; keys: ApiKeys; keyring: Keyring; secrets: Secrets; traceUrl: TraceUrl };

/** Joins what the console can do to the log, the read models and the vault, for whoever asks: each sees what is behind the wall of its tenant. */
export const openFlows = ({ db, log, people, routes, keys, keyring, secrets, traceUrl }: Sources) => {
  // How far the readers of the log are is the hub's business, and everybody may know it.
  const hub = forTenant(db, ALL_TENANTS);
  return (by: Acting) => {
    const seen = behindTenantWall({ db, routes }, by.who.tenant);
    return {
      listEvents: (query: EventQuery) => seen.listEvents(query, query),
      showEvent: showEvent({ find: seen.findEvent, open: people.openEach, droppedAt: seen.droppedAt, routesAt: routes.at, explain: seen.explain, standings: seen.standings }),
      tellTimeline: tellTimeline({
        timeline: seen.readTimeline, find: seen.findEvent, open: people.openEach, routesAt: routes.at, followUps: listFollowUps, possibleFollowUps: listPossibleFollowUps, standings: seen.standings, traceUrl,
      }),
      listCommands: async ({ after, limit, ...filter }: CommandQuery) => inWords(await seen.listCommands(filter, { after, limit })),
      showCommand: showCommand({ find: seen.findCommand, attempts: seen.attempts }),
      listDeadLetters: async ({ groupBy, ...query }: DeadLetterQuery) =>
        groupBy === 'cause' ? seen.groupDeadLetters(query) : inWords(await seen.listDeadLetters(query, query)),
      redriveCommand: redriveCommand({
        find: seen.findCommand,
        redrive: seen.redrive,
        traced: (command, work) => withSpan('console.redrive', redriveOf(command), (span) => work(span.traceparent)),
        now: () => new Date(),
        by,
      }),
      listIntegrations: listIntegrations({ configured: seen.configured, statuses: seen.statuses }),
      listBudgets: async () => ({ items: (await seen.budgets(new Date())).map((budget) => ({ ...budget, words: describeBudget(budget) })) }),
      tellHealth: tellHealth({ lags: () => measureLag(hub), horizonHolder: log.horizonHolder, accounts: seen.accounts, held: () => listHeld(hub) }),
      listKeys: async () => ({ items: await keys.list() }),
      createKey: createKey({ create: (order) => keys.create(order, by) }),
      ...peopleFor({ db: forTenant(db, by.who.tenant ?? ALL_TENANTS), people }, by),
      revokeKey: revokeKey({ revoke: (id) => keys.revoke(id, by), forget: keyring.forget }),
      listSecrets: async () => ({ items: await secrets.list() }),
      setSecret: (name: string, value: string) => secrets.set(name, value, by),
      removeSecret: (name: string) => secrets.remove(name, by),
    };
  };
};

type FlowsFor = ReturnType<typeof openFlows>;

/** What the console can do for one caller. */
export type Flows = ReturnType<FlowsFor>;

/** One thing that the console can do, for whoever asks. */
export type FlowFor<Name extends keyof Flows> = (by: Acting) => Flows[Name];

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** Each is a span, in a trace of its own. */
const traced = <Ask extends (...asked: never[]) => Promise<unknown>>(name: string, ask: Ask): Ask =>
  ((...asked: Parameters<Ask>) => withSpan(`console.${kebab(name)}`, { kind: 'server', outer: true }, () => ask(...asked))) as Ask;

/** Picks one thing that the console can do. */
export const flowFor = <Name extends keyof Flows>(flows: FlowsFor, name: Name): FlowFor<Name> => (by) => traced(name, flows(by)[name]);
