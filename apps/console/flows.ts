import { redrive, type Database, type EventLog } from '#event-log';
import {
  findCommand, findStandings, groupDeadLetters, listAttempts, listCommands, listDeadLetters, listEvents, listIntegrationStatus, measureLag, readTimeline,
  type CommandView as Command, type Page,
} from '#read-models';
import { explainEvent } from '#routing';
import { withSpan } from '#telemetry';
import { listFollowUps } from './list-follow-ups.ts';
import { listIntegrations } from './list-integrations.flow.ts';
import type { CommandQuery, DeadLetterQuery, EventQuery } from './queries.ts';
import { redriveCommand } from './redrive-command.flow.ts';
import { createRoutesInForce } from './routes-in-force.ts';
import { showCommand } from './show-command.flow.ts';
import { showEvent } from './show-event.flow.ts';
import { tellHealth } from './tell-health.flow.ts';
import { tellTimeline } from './tell-timeline.flow.ts';
import type { CommandPage } from './views/command.view.ts';
import { describeCommand } from './words/describe-command.ts';

export const LIST_EVENTS = Symbol('LIST_EVENTS');
export const SHOW_EVENT = Symbol('SHOW_EVENT');
export const TELL_TIMELINE = Symbol('TELL_TIMELINE');
export const LIST_COMMANDS = Symbol('LIST_COMMANDS');
export const SHOW_COMMAND = Symbol('SHOW_COMMAND');
export const LIST_DEAD_LETTERS = Symbol('LIST_DEAD_LETTERS');
export const REDRIVE_COMMAND = Symbol('REDRIVE_COMMAND');
export const LIST_INTEGRATIONS = Symbol('LIST_INTEGRATIONS');
export const TELL_HEALTH = Symbol('TELL_HEALTH');

const inWords = ({ items, next }: Page<Command>): CommandPage => ({ items: items.map((command) => ({ ...command, words: describeCommand(command) })), next });

/** Joins what the console can do to the log and the read models. */
export const openFlows = (db: Database, log: EventLog) => {
  const routes = createRoutesInForce(log);
  const standings = (ids: string[]) => findStandings(db, ids);
  return {
    listEvents: (query: EventQuery) => listEvents(db, query, query),
    showEvent: showEvent({ find: log.find, routesAt: routes.at, explain: explainEvent, standings }),
    tellTimeline: tellTimeline({
      timeline: (correlationId, page) => readTimeline(db, correlationId, page),
      find: log.find,
      routesAt: routes.at,
      followUps: listFollowUps,
      standings,
    }),
    listCommands: async ({ after, limit, ...filter }: CommandQuery) => inWords(await listCommands(db, filter, { after, limit })),
    showCommand: showCommand({ find: (id) => findCommand(db, id), attempts: (id, attempts) => listAttempts(db, id, attempts) }),
    listDeadLetters: async ({ groupBy, ...query }: DeadLetterQuery) =>
      groupBy === 'cause' ? groupDeadLetters(db, query) : inWords(await listDeadLetters(db, query, query)),
    redriveCommand: redriveCommand({
      find: (id) => findCommand(db, id),
      redrive: (request) => redrive(db, log, request),
      traced: (correlationId, work) => withSpan('console.redrive', { correlationId, kind: 'server' }, (span) => work(span.traceparent)),
      now: () => new Date(),
    }),
    listIntegrations: listIntegrations({
      configured: async () => (await routes.newest())?.manifest.integrations ?? [],
      statuses: () => listIntegrationStatus(db),
    }),
    tellHealth: tellHealth({ lags: () => measureLag(db), horizonHolder: log.horizonHolder }),
  };
};

export type Flows = ReturnType<typeof openFlows>;
