import { oldestPending, pendingOf, queueDepths, type Bus } from '#bus';
import { ROUTER_CONSUMER, STREAMS, type IntegrationSpec } from '#contract';
import { listAccountStates, listHeld, readClock, sumWebhookTallies, type AppliedManifest, type Database, type EventLog } from '#event-log';
import { actingPartners } from '#partners';
import { listIntegrationStatus, measureBudgets, measureLag, sumRecentCalls } from '#read-models';
import type { Facts } from './conditions/facts.ts';

const WEBHOOKS_S = 600;

type Sources = {
  db: Database;
  log: Pick<EventLog, 'manifests'>;
  /** Undefined until NATS was reached for the first time. */
  bus(): Bus | undefined;
  /** The time of day by Postgres' clock. */
  now(): number;
  /** The time of day by this machine's clock, whose difference from Postgres' is told. */
  machineNow(): number;
  /** Told what could not be found out; the conditions that go by it are unknown then. */
  onUnknown(error: unknown): void;
};

type BusFacts = Pick<Facts, 'queues' | 'routerWaiting'>;

const factsOfBus = async (bus: Bus | undefined, now: number): Promise<BusFacts> => {
  if (bus === undefined || !bus.connected()) return {};
  const depths = await queueDepths(bus, actingPartners);
  const oldest = await oldestPending(bus, depths);
  const queues = depths.flatMap((queue) => {
    const at = oldest.find((one) => one.queue === queue)?.at;
    return at === undefined ? [] : [{ ...queue, oldestS: Math.max(0, (now - at.getTime()) / 1_000) }];
  });
  // While there is no consumer no router has ever run, and the relay's lag or a webhook without effect is the least of it.
  return { queues, routerWaiting: (await pendingOf(bus, STREAMS.events, ROUTER_CONSUMER)) ?? 0 };
};

/** Keeps the integrations of the manifest in force; only newer manifests are read. */
const keepSpecs = (log: Sources['log']): (() => Promise<readonly IntegrationSpec[]>) => {
  let newest: AppliedManifest | undefined;
  return async () => {
    newest = (await log.manifests(newest?.version)).at(-1) ?? newest;
    return newest?.manifest.integrations ?? [];
  };
};

/** Finds out how the hub is doing, from Postgres and from NATS, each for itself: while one is away, what the other knows is told. */
export const gatherFacts = ({ db, log, bus, now, machineNow, onUnknown }: Sources): (() => Promise<Facts>) => {
  const specs = keepSpecs(log);
  let lastGoodMs: number | undefined;

  const ifKnown = <T>(work: Promise<T>): Promise<T | undefined> =>
    work.catch((error: unknown) => {
      onUnknown(error);
      return undefined;
    });
  const factsOfLog = async (): Promise<Omit<Facts, keyof BusFacts>> => {
    const before = machineNow();
    const clock = await ifKnown(readClock(db));
    const after = machineNow();
    if (clock === undefined) return { log: { answers: false, lastGoodMs } };
    lastGoodMs = clock.getTime();
    const [lags, calls, standings, budgets, webhooks, statuses, held] = await Promise.all([
      ifKnown(measureLag(db)), ifKnown(sumRecentCalls(db)), ifKnown(listAccountStates(db)),
      ifKnown(specs().then((known) => measureBudgets(db, known, clock))), ifKnown(sumWebhookTallies(db, WEBHOOKS_S)), ifKnown(listIntegrationStatus(db)), ifKnown(listHeld(db)),
    ]);
    return { log: { answers: true, lastGoodMs }, skewS: (clock.getTime() - (before + after) / 2) / 1_000, lags, calls, standings, budgets, webhooks, statuses, held };
  };
  return async () => {
    const [ofLog, ofBus] = await Promise.all([factsOfLog(), ifKnown(factsOfBus(bus(), now()))]);
    return { ...ofLog, ...ofBus };
  };
};
