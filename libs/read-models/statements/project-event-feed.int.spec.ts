import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventFeed } from '../event-feed.projection.ts';
import { projectChunk } from '../project-chunk.ts';
import { anEvent, appendAll, seededLog, type SeededLog } from '../test/seeded-log.ts';

let seeded: SeededLog;
beforeAll(async () => {
  seeded = await seededLog();
});
afterAll(() => seeded.end());

const feedIds = async (): Promise<string[]> =>
  (await seeded.db.pool.query<{ id: string }>('select id from event_feed order by tx, position')).rows.map((row) => row.id);

it('takes events in the order of the log, chunk by chunk, and then has nothing left to take', async () => {
  const events = Array.from({ length: 5 }, (_, index) => anEvent({ type: index % 2 === 0 ? 'inbound.a' : 'inbound.b' }));
  await appendAll(seeded.log, events);
  await seeded.readable();
  const counts = [];
  for (let chunk = 0; chunk < 4; chunk += 1) counts.push(await projectChunk(seeded.db, eventFeed, 2));
  expect(counts).toEqual([2, 2, 1, 0]);
  expect(await feedIds()).toEqual(events.map((event) => event.id));
});

it('notes each kind once and a place in each minute', async () => {
  const { rows } = await seeded.db.pool.query('select partner, integration, type from event_kinds order by type');
  expect(rows).toEqual([
    { partner: 'stripe', integration: 'acme', type: 'inbound.a' },
    { partner: 'stripe', integration: 'acme', type: 'inbound.b' },
  ]);
  const { rows: minutes } = await seeded.db.pool.query('select m.position = f.position as first from event_minutes m, lateral (select position from event_feed order by tx, position limit 1) f order by minute limit 1');
  expect(minutes).toEqual([{ first: true }]);
});

it('takes each event once when two projectors run side by side', async () => {
  const events = Array.from({ length: 40 }, () => anEvent());
  await appendAll(seeded.log, events);
  await seeded.readable();
  const run = async (): Promise<number> => {
    let taken = 0;
    for (let count = -1; count !== 0; taken += count) count = await projectChunk(seeded.db, eventFeed, 3);
    return taken;
  };
  const [one, other] = await Promise.all([run(), run()]);
  expect(one + other).toBe(40);
  expect(new Set(await feedIds()).size).toBe(45);
});

it('leaves an event alone while a transaction runs that could still get in front of it', async () => {
  const slow = await seeded.db.pool.connect();
  try {
    await slow.query('begin');
    await slow.query('select pg_current_xact_id()');
    const event = anEvent();
    await seeded.log.append(event);
    expect(await projectChunk(seeded.db, eventFeed, 100)).toBe(0);
    await slow.query('commit');
    await seeded.readable();
    expect(await projectChunk(seeded.db, eventFeed, 100)).toBe(1);
    expect((await feedIds()).at(-1)).toBe(event.id);
  } finally {
    slow.release();
  }
});
