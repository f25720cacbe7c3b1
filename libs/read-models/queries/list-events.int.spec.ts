import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newCorrelationId, type NewEvent } from '#contract';
import { anEvent, appendAll, seededLog, type SeededLog } from '../test/seeded-log.ts';
import { listEvents, type EventFilter } from './list-events.ts';

let seeded: SeededLog;
const flow = newCorrelationId();
const events: NewEvent[] = [
  anEvent({ type: 'inbound.invoice.paid', correlationId: flow }),
  anEvent({ type: 'command.succeeded', partner: 'slack', integration: 'ops', correlationId: flow }),
  anEvent({ type: 'inbound.invoice.voided' }),
  anEvent({ type: 'inbound.push', partner: 'github', integration: 'main' }),
  anEvent({ type: 'inbound.invoice.paid', integration: 'beta' }),
  anEvent({ type: 'inbound_.odd' }),
];
const newestFirst = (...indexes: number[]) => indexes.map((index) => events[index]!.id);

beforeAll(async () => {
  seeded = await seededLog();
  await appendAll(seeded.log, events);
  await seeded.project();
});
afterAll(() => seeded.end());

const ids = async (filter: EventFilter, limit = 50): Promise<string[]> => (await listEvents(seeded.db, filter, { limit })).items.map((item) => item.id);

describe('the list of events', () => {
  it.each<[EventFilter, number[]]>([
    [{}, [5, 4, 3, 2, 1, 0]],
    [{ partner: 'stripe' }, [5, 4, 2, 0]],
    [{ partner: 'stripe', integration: 'acme' }, [5, 2, 0]],
    [{ type: 'inbound.invoice.' }, [4, 2, 0]],
    [{ type: 'inbound_' }, [5]],
    [{ type: 'command.', partner: 'slack' }, [1]],
    [{ correlationId: flow }, [1, 0]],
    [{ correlationId: flow, partner: 'stripe' }, [0]],
    [{ partner: 'nobody' }, []],
    [{ type: "';--" }, []],
  ])('with %j is newest first', async (filter, expected) => {
    expect(await ids(filter)).toEqual(newestFirst(...expected));
  });

  it.each<EventFilter>([{}, { partner: 'stripe' }, { type: 'inbound' }])('has pages that hold everything once: %j', async (filter) => {
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = await listEvents(seeded.db, filter, { limit: 2, after });
      expect(page.items.length).toBeLessThanOrEqual(2);
      seen.push(...page.items.map((item) => item.id));
      after = page.next;
    } while (after !== undefined);
    expect(seen).toEqual(await ids(filter));
  });

  it('says that nothing follows when a page ends where the list ends', async () => {
    expect((await listEvents(seeded.db, {}, { limit: 6 })).next).toBeUndefined();
    expect((await listEvents(seeded.db, {}, { limit: 5 })).next).toMatch(/^\d+\.\d+$/);
  });

  it('keeps to a time, its beginning included and its end not', async () => {
    const { items } = await listEvents(seeded.db, {}, { limit: 50 });
    const middle = items[2]!.recordedAt;
    expect(await ids({ since: middle })).toEqual(items.slice(0, 3).map((item) => item.id));
    expect(await ids({ until: middle })).toEqual(items.slice(3).map((item) => item.id));
    expect(await ids({ since: middle, until: middle })).toEqual([]);
    expect(await ids({ since: '2001-01-01T00:00:00Z', until: '2002-01-01T00:00:00Z' })).toEqual([]);
  });
});
