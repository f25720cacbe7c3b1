import { HubError, isHubError, type HubEvent, type LogPosition, type Manifest, type NewEvent } from '#contract';
import { appendVersion } from './append-version.ts';
import type { Database } from './database.ts';
import { positionOf, toColumns, toEvent, type ReadRow } from './event-rows.ts';
import { microBatch } from './micro-batch.ts';
import { meterBatches, meterFailure, observeReadiness } from './meter-log.ts';
import { asOutage, isAboutContent } from './outages.ts';
import { findEvent, locateEvents } from './find-event.ts';
import { aheadOf, followSegments } from './segments-ahead.ts';
import { loadStatement, run, runPlanned } from './statement.ts';
import { startProbe } from './probe.ts';

const APPEND = loadStatement('append-events', import.meta.url);
const ORIGINALS = loadStatement('find-originals', import.meta.url);
const READ = loadStatement('read-events', import.meta.url);
const PEEK = loadStatement('peek-beyond', import.meta.url);
const MANIFESTS = loadStatement('list-manifests', import.meta.url);
const MOMENT = loadStatement('find-moment', import.meta.url);
const HORIZON = loadStatement('explain-horizon', import.meta.url);

export const MANIFEST_STREAM = 'manifest';

/** `first` tells the caller whether it was the one; a twin gets the original's correlation id and no position. */
export type Appended = { first: boolean; id: string; correlationId: string; at?: LogPosition };

/** A manifest, and the place in the log from which on it is in force. */
export type AppliedManifest = { at: LogPosition; version: number; manifest: Manifest };

/** What keeps ordered readers from seeing the newest events. */
export type HorizonHolder = { pid: number; application: string; state: string; openS: number; query: string };

export type EventLog = {
  /** On disk when it returns. Concurrent callers share one write. Throws `log-unavailable`. */
  append(event: NewEvent): Promise<Appended>;
  /** Appends as exactly the version that `event.stream` names. Throws `version-conflict` when that version is taken. */
  appendExpected(event: NewEvent & { stream: { name: string; version: number } }): Promise<Appended>;
  /** The next events in order, at most `limit`. Nothing is ever skipped; what cannot be ordered yet comes later. */
  read(after: LogPosition, limit: number): Promise<HubEvent[]>;
  /** Whether anything stands beyond this place, readable yet or not. */
  beyond(after: LogPosition): Promise<boolean>;
  /** An event by its id; undefined when there never was one, or retention dropped it. */
  find(id: string): Promise<HubEvent | undefined>;
  /** When retention dropped an event that was once on record (RFC 3339); undefined for any other, and once its id is given up, too. */
  droppedAt(id: string): Promise<string | undefined>;
  /** Applied manifests after a version (0 for all), oldest first. */
  manifests(afterVersion?: number): Promise<AppliedManifest[]>;
  /** The place just before the first event recorded at or after this instant (RFC 3339); undefined when there is none. */
  placeBefore(instant: string): Promise<LogPosition | undefined>;
  horizonHolder(): Promise<HorizonHolder | undefined>;
  /** Whether the last contact with the log went well. Costs nothing. */
  ready(): boolean;
  /** The time of day by Postgres' clock, in ms since the epoch. Costs nothing, and jumps only when that clock does. */
  now(): number;
  close(): void;
};

const appendBatch = async (db: Database, events: NewEvent[]): Promise<Appended[]> => {
  const inserted = await run<{ id: string; tx: string; position: string }>(db.pool, APPEND, toColumns(events));
  const firsts = new Map(inserted.rows.map((row) => [row.id, row]));
  const originals = new Map<string, string>();
  if (firsts.size < events.length) {
    const ids = events.map((event) => event.id);
    const found = await run<{ id: string; correlation_id: string }>(db.pool, ORIGINALS, [ids]);
    for (const row of found.rows) originals.set(row.id, row.correlation_id);
  }
  return events.map((event) => {
    const row = firsts.get(event.id);
    // Of twins within one batch the first caller is first.
    firsts.delete(event.id);
    if (row === undefined) return { first: false, id: event.id, correlationId: originals.get(event.id) ?? event.correlationId };
    return { first: true, id: event.id, correlationId: event.correlationId, at: positionOf(row) };
  });
};

const appendExpected = async (db: Database, event: NewEvent & { stream: { name: string; version: number } }): Promise<Appended> => {
  const at = positionOf(await appendVersion(db.pool, event));
  return { first: true, id: event.id, correlationId: event.correlationId, at };
};

const manifestsAfter = async (db: Database, version: number): Promise<AppliedManifest[]> => {
  const { rows } = await run<ReadRow & { stream_version: number }>(db.pool, MANIFESTS, [version]);
  return rows.map((row) => ({ at: positionOf(row), version: row.stream_version, manifest: JSON.parse(row.data.toString('utf8')) as Manifest }));
};

type Segments = ReturnType<typeof followSegments>;

const readAfter = async (db: Database, segments: Segments, after: LogPosition, limit: number): Promise<HubEvent[]> => {
  const values = [String(after.tx), String(after.position), limit, ...aheadOf(await segments(), after)];
  return (await runPlanned<ReadRow>(db.pool, READ, values)).rows.map(toEvent);
};

const isBeyond = async (db: Database, segments: Segments, after: LogPosition): Promise<boolean> => {
  const values = [String(after.tx), String(after.position), ...aheadOf(await segments(), after)];
  return (await runPlanned<{ beyond: boolean }>(db.pool, PEEK, values)).rows[0]!.beyond;
};

const horizonHolder = async (db: Database): Promise<HorizonHolder | undefined> => {
  const { rows } = await run<{ pid: number; application_name: string; state: string; open_s: number; query: string }>(db.pool, HORIZON, []);
  const row = rows[0];
  return row && { pid: row.pid, application: row.application_name, state: row.state, openS: row.open_s, query: row.query };
};

/** The write side and the ordered read of the log. */
export const openEventLog = (db: Database): EventLog => {
  const probe = startProbe(db);
  const segments = followSegments(db.pool);
  const stopObserving = observeReadiness(probe.ready);
  const reported = async <T>(work: Promise<T>): Promise<T> => {
    try {
      const result = await work;
      probe.report(true);
      return result;
    } catch (error) {
      const outage = asOutage(error);
      if (isHubError(outage, 'log-unavailable') || isHubError(outage, 'migration-missing')) probe.report(false);
      meterFailure(outage);
      throw outage;
    }
  };
  const append = microBatch<NewEvent, Appended>({
    flush: (events) => reported(appendBatch(db, events)),
    maxItems: 500,
    maxWaiting: 10_000,
    whenFull: () => new HubError('log-unavailable', 'More events arrive than the log can write. Try again shortly.'),
    isAboutContent,
    written: meterBatches('append'),
  });
  return {
    append,
    appendExpected: (event) => reported(appendExpected(db, event)),
    read: (after, limit) => reported(readAfter(db, segments, after, limit)),
    beyond: (after) => reported(isBeyond(db, segments, after)),
    find: (id) => reported(findEvent(db.pool, id)),
    droppedAt: async (id) => (await reported(locateEvents(db.pool, [id])))[0]?.droppedAt,
    manifests: (afterVersion = 0) => reported(manifestsAfter(db, afterVersion)),
    placeBefore: async (instant) => {
      const { rows } = await reported(runPlanned<{ tx: string; position: string }>(db.pool, MOMENT, [instant]));
      return rows[0] && { tx: BigInt(rows[0].tx), position: BigInt(rows[0].position) - 1n };
    },
    horizonHolder: () => reported(horizonHolder(db)),
    ready: probe.ready,
    now: probe.now,
    close: () => {
      stopObserving();
      probe.stop();
    },
  };
};
