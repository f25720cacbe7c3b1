import { setTimeout as rest } from 'node:timers/promises';
import { startLogWake, type Database, type EventLog } from '#event-log';
import { findChunks, measureLag, observeReaderLag, PROJECTIONS, projectChunk, type Projection } from '#read-models';
import { withSpan, type Logger } from '#telemetry';
import { projectEvents } from './project-events.flow.ts';
import type { ProjectorConfig } from './projector.config.ts';
import { reportLag } from './report-lag.ts';

export type Projector = {
  start(): void;
  stop(): Promise<void>;
  /** Whether every projection took what the last look gave it. */
  ready(): boolean;
};

/** How long the projector trusts that no wake-up was lost. */
const IDLE_POLL_MS = 500;

type Parts = { db: Database; log: EventLog; config: ProjectorConfig; logger: Logger };

const lagReporter = ({ db, log, config, logger }: Parts): (() => Promise<void>) =>
  reportLag({
    measure: () => measureLag(db),
    horizonHolder: log.horizonHolder,
    tooOldMs: config.lagTooOldMs,
    report: (lag, holder) => logger.warn({ ...lag, holder }, 'a projection is behind the log'),
  });

/** A chunk holds events of many flows: its span is a trace of its own. There is none when nothing was to be taken. */
const traced = ({ name }: Projection, take: () => Promise<number>): Promise<number> =>
  withSpan('projector.project', { kind: 'consumer', attributes: { 'trunkline.projection': name } }, async (span) => {
    const taken = await take();
    if (taken === 0) span.leaveOut();
    else span.set({ 'trunkline.events': taken });
    return taken;
  });

/** Joins the projector's flow to the log. The log is read inside Postgres, so a wake-up is all that comes from it. */
export const openProjector = (parts: Parts): Projector => {
  const { db, config, logger } = parts;
  const project = projectEvents({
    projections: PROJECTIONS,
    beginRound: () => {
      const findChunk = findChunks();
      return (projection) => traced(projection, () => projectChunk(db, projection, config.chunkSize, findChunk));
    },
    chunkSize: config.chunkSize,
    onError: (error, { name }) => logger.warn({ err: error, projection: name }, 'a projection waits'),
    now: () => performance.now(),
  });
  const report = lagReporter(parts);
  const wake = startLogWake(db);
  const stopMetering = observeReaderLag(db);
  let stopped = false;
  let ready = false;
  let running: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;

  const follow = async (): Promise<void> => {
    while (!stopped) {
      const { more, resting } = await project();
      ready = resting === 0;
      if (more) continue;
      await rest(config.restMs);
      if (!stopped) await wake.wait(IDLE_POLL_MS);
    }
  };
  return {
    ready: () => ready,
    start: () => {
      running = follow();
      timer = setInterval(() => void report().catch((error) => logger.warn({ err: error }, 'lag cannot be measured')), config.lagEveryMs);
    },
    stop: async () => {
      stopped = true;
      stopMetering();
      clearInterval(timer);
      await wake.stop();
      await running;
    },
  };
};
