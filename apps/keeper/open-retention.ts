import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { oldestPending, queueDepths, type Bus } from '#bus';
import type { Acting } from '#contract';
import { openLogKeeping, type Database } from '#event-log';
import { actingPartners } from '#partners';
import { PROJECTIONS, readerOf, sweepDropped } from '#read-models';
import { withSpan, type Logger } from '#telemetry';
import type { KeeperConfig } from './keeper.config.ts';
import { meterRetention } from './meter-retention.ts';
import { restBetweenLooks } from './rest-between-looks.ts';
import { openChore, type Chore } from './open-chore.ts';
import { retireSegments, type Held, type Retired, type Waiting } from './retire-segments.flow.ts';
import { trustClock } from './trust-clock.ts';

const READERS = ['relay', ...PROJECTIONS.map(readerOf)];

const KEEPER: Acting = { who: { kind: 'room', id: 'keeper', name: 'keeper', tenant: undefined, scopes: [] }, from: hostname() };

const waitingOn = (bus: Bus) => async (): Promise<Waiting[]> =>
  (await oldestPending(bus, await queueDepths(bus, actingPartners))).map(({ queue, at }) => ({ queue: `${queue.partner}.${queue.lane}.${queue.integration}`, at }));

/** A look that failed at one segment has failed, although it went on with the others. */
const faultOf = (held: readonly Held[]): string | undefined => held.find(({ by }) => by.startsWith('error '))?.by;

/** A look is a trace of its own: a segment has events of many flows. There is none of a look that had nothing to do. */
const traced = (look: () => Promise<Retired>, held: () => readonly Held[]): Promise<void> =>
  withSpan('keeper.retire', {}, async (span) => {
    const did = Object.entries(await look());
    if (did.every(([, segments]) => segments === 0)) span.leaveOut();
    span.set(Object.fromEntries(did.map(([what, segments]) => [`trunkline.segments.${what}`, segments])));
    const fault = faultOf(held());
    if (fault !== undefined) span.fail(fault);
  });

/** Joins retention to the log, the bus and the read models. */
export const openRetention = ({ db, bus, config, logger }: { db: Database; bus: Bus; config: KeeperConfig; logger: Logger }): Chore => {
  const log = openLogKeeping(db, KEEPER);
  const monotonicMs = (): number => performance.now();
  const stopping = new AbortController();
  let held: readonly Held[] = [];
  const stopMetering = meterRetention(log, () => held);

  const look = retireSegments({
    log,
    readers: READERS,
    waiting: waitingOn(bus),
    isClockTrusted: trustClock({ databaseNow: log.now, monotonicMs }),
    looks: restBetweenLooks(monotonicMs),
    sweeps: sweepDropped(db),
    dropped: ({ id, category }) => logger.info({ segment: id, category }, 'a segment of the log was dropped'),
    held: (all) => {
      for (const { segment, by } of all) if (segment.heldBy !== by) logger.warn({ segment: segment.id, category: segment.category, heldBy: by }, 'a segment of the log is held back');
      held = all;
    },
    stop: stopping.signal,
  });
  const chore = openChore({
    round: () => traced(look, () => held),
    sleep: (ms, signal) => pause(ms, undefined, { signal }),
    everyMs: config.everyMs,
    onError: (error) => logger.warn({ err: error }, 'retention waits'),
  });
  return {
    ...chore,
    stop: async () => {
      stopping.abort();
      stopMetering();
      await chore.stop();
    },
  };
};
