import type { HubEvent } from '#contract';
import type { Database } from './database.ts';
import { toEvent, type ReadRow } from './event-rows.ts';
import { asOutage } from './outages.ts';
import { loadStatement, run, runPlanned, type Runner } from './statement.ts';
import { rfc3339 } from './tables.ts';

const LOCATE = loadStatement('locate-events', import.meta.url);
const FIND = loadStatement('find-event', import.meta.url);

/** Where an event stands; with `droppedAt` (RFC 3339) it stands there no more, since retention took its segment. */
export type EventPlace = { id: string; segment: number; tx: string; position: string; droppedAt?: string };

type Row = { id: string; segment: number; tx: string; position: string; dropped_at: string | null };

/** The places of those of these events that were ever appended, for as long as their ids are kept. */
export const locateEvents = async (on: Runner, ids: readonly string[]): Promise<EventPlace[]> => {
  const { rows } = await run<Row>(on, LOCATE, [ids]);
  return rows.map(({ dropped_at, ...place }) => ({ ...place, droppedAt: dropped_at === null ? undefined : rfc3339(dropped_at) }));
};

/** One event by its id; undefined when there never was one, or it was dropped. */
export const findEvent = async (on: Runner, id: string): Promise<HubEvent | undefined> => {
  const place = (await locateEvents(on, [id]))[0];
  if (place === undefined || place.droppedAt !== undefined) return undefined;
  return (await runPlanned<ReadRow>(on, FIND, [place.segment, place.tx, place.position])).rows.map(toEvent)[0];
};

const asked = async <T>(work: Promise<T>): Promise<T> => {
  try {
    return await work;
  } catch (error) {
    throw asOutage(error);
  }
};

/** One event by its id, as far as this database shows it. Throws `log-unavailable`. */
export const readEvent = (db: Database, id: string): Promise<HubEvent | undefined> => asked(findEvent(db.pool, id));

/** When retention took an event (RFC 3339), if it did. Throws `log-unavailable`. */
export const readDroppedAt = async (db: Database, id: string): Promise<string | undefined> => (await asked(locateEvents(db.pool, [id])))[0]?.droppedAt;
