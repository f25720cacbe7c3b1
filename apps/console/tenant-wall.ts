import { HUB_PARTNER, type HubEvent, type IntegrationSpec, type Manifest } from '#contract';
import { ALL_TENANTS, forTenant, listAccountStates, readDroppedAt, readEvent, redrive, type Database, type RedriveRequest } from '#event-log';
import {
  findCommand, findStandings, groupDeadLetters, listAttempts, listCommands, listDeadLetters, listEvents, listIntegrationStatus, measureBudgets, readTimeline,
  type CommandFilter, type DeadLetterFilter, type EventFilter, type PageRequest,
} from '#read-models';
import { explainEvent, type Explanation, type RouteTable } from '#routing';
import type { RoutesInForce } from './routes-in-force.ts';
import type { AccountFacts } from './words/describe-standing.ts';

type Sources = { db: Database; routes: RoutesInForce };

type Account = { partner: string; integration: string };

/** What belongs to others is not there: `undefined`, as for an id that nobody knows. */
const belongsTo = (tenant: string | undefined, it: { tenant: string; partner: string }): boolean => tenant === undefined || (it.tenant === tenant && it.partner !== HUB_PARTNER);

const isTargetOf = ({ routes }: Manifest, { partner, name }: IntegrationSpec): boolean => routes.some(({ to }) => to.some((target) => target.do.startsWith(`${partner}.${name}.`)));

const isAccountOf = ({ partner, integration }: Account) => (spec: IntegrationSpec): boolean => spec.partner === partner && spec.name === integration;

/**
 * Everything that a caller may see, and nothing of another tenant: the only way of the console's flows to the log and the read
 * models. `tenant` undefined means all of them. An account, and how it is doing, belongs to the tenant that the manifest in force says.
 */
export const behindTenantWall = ({ db: whole, routes }: Sources, tenant: string | undefined) => {
  // The second wall: should a filter below be forgotten, Postgres leaves out what belongs to others.
  const db = forTenant(whole, tenant ?? ALL_TENANTS);
  const manifest = async (): Promise<Manifest> => (await routes.newest())?.manifest ?? { version: 1, integrations: [], routes: [] };
  const configured = async (): Promise<IntegrationSpec[]> => (await manifest()).integrations.filter((spec) => tenant === undefined || spec.tenant === tenant);
  return {
    listEvents: (filter: EventFilter, page: PageRequest) => listEvents(db, { ...filter, tenant }, page),
    findEvent: async (id: string): Promise<HubEvent | undefined> => {
      const event = await readEvent(db, id);
      return event !== undefined && belongsTo(tenant, event) ? event : undefined;
    },
    /** Whose a dropped event was is not known any more: only who sees all tenants is told. */
    droppedAt: async (id: string) => (tenant === undefined ? readDroppedAt(db, id) : undefined),
    readTimeline: (correlationId: string, page: PageRequest) => readTimeline(db, { correlationId, tenant }, page),
    listCommands: (filter: CommandFilter, page: PageRequest) => listCommands(db, { ...filter, tenant }, page),
    findCommand: async (id: string) => {
      const command = await findCommand(db, id);
      return command !== undefined && belongsTo(tenant, command) ? command : undefined;
    },
    standings: (ids: string[]) => findStandings(db, ids),
    attempts: (id: string, attempts: number) => listAttempts(db, id, attempts),
    redrive: (request: RedriveRequest) => redrive(db, request),
    listDeadLetters: (filter: DeadLetterFilter, page: PageRequest) => listDeadLetters(db, { ...filter, tenant }, page),
    groupDeadLetters: (filter: DeadLetterFilter) => groupDeadLetters(db, { ...filter, tenant }),
    /** Routes have no tenant: a caller of one tenant is told of those alone whose subject takes its event. */
    explain: async (table: RouteTable, event: HubEvent, now: Date): Promise<Explanation> => {
      const explanation = await explainEvent(table, event, now);
      return tenant === undefined ? explanation : { ...explanation, routes: explanation.routes.filter(({ outcome }) => outcome !== 'subject-differs') };
    },
    configured,
    budgets: async (now: Date) => measureBudgets(db, await configured(), now),
    /** What is known of each account that is configured. */
    accounts: async (): Promise<AccountFacts[]> => {
      const [specs, inForce, statuses, told] = await Promise.all([configured(), manifest(), listIntegrationStatus(db), listAccountStates(db)]);
      return specs.map((spec) => ({
        spec,
        isTarget: isTargetOf(inForce, spec),
        status: statuses.find((status) => isAccountOf(status)(spec)),
        // Reasons name variables and files of whoever runs the hub.
        told: told.filter((standing) => isAccountOf(standing)(spec)).map((standing) => (tenant === undefined ? standing : { ...standing, reason: undefined })),
      }));
    },
    statuses: async () => {
      const [statuses, specs] = await Promise.all([listIntegrationStatus(db), configured()]);
      return tenant === undefined ? statuses : statuses.filter((status) => specs.some(isAccountOf(status)));
    },
  };
};
