import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newCorrelationId, type HubEvent, type NewEvent } from '#contract';
import { freshDatabase, waitFor } from '#testkit';
import { loadPosition, migrate, openDatabase, openEventLog, savePosition, START_OF_LOG, startLogWake, startTail, type Database, type EventLog, type LogWake } from './index.ts';

const anEvent = (): NewEvent => {
  const id = newCorrelationId();
  return {
    id,
    type: 'inbound.x',
    partner: 'p',
    integration: 'i',
    tenant: 'default',
    correlationId: id,
    occurredAt: new Date().toISOString(),
    schemaVersion: 1,
    contentType: 'text/plain',
    data: Buffer.alloc(0),
    headers: {},
  };
};

describe('a tail of the log', () => {
  let server: Awaited<ReturnType<typeof freshDatabase>>;
  let db: Database;
  let log: EventLog;
  let wake: LogWake;

  beforeAll(async () => {
    server = await freshDatabase();
    await migrate(server.url);
    db = openDatabase({ url: server.url, applicationName: 'spec', max: 8 });
    log = openEventLog(db);
    wake = startLogWake(db);
  });
  afterAll(async () => {
    await wake.stop();
    log.close();
    await db.close();
    await server.drop();
  });

  const tailInto = (reader: string, handle: (batch: HubEvent[]) => Promise<void> | void, errors: unknown[] = []) =>
    startTail({
      read: log.read,
      beyond: log.beyond,
      wake,
      position: async () => (await loadPosition(db, reader)).at,
      handle: async (batch) => {
        await handle(batch);
        await savePosition(db, reader, { at: batch.at(-1)!.at, memory: {} });
      },
      onError: (error) => errors.push(error),
      batchSize: 10,
    });

  it('hands over what was there before and what comes later, in order', async () => {
    const seen: string[] = [];
    const wanted = [(await log.append(anEvent())).id];
    const tail = tailInto('in-order', (batch) => void seen.push(...batch.map((event) => event.id)));
    for (let i = 0; i < 30; i++) wanted.push((await log.append(anEvent())).id);
    await waitFor(() => seen.length >= wanted.length);
    expect(seen).toEqual(wanted);
    await tail.stop();
  });

  it('tries a batch again after a failure, from the place that was remembered', async () => {
    const errors: unknown[] = [];
    const seen: string[] = [];
    let failures = 2;
    const tail = tailInto(
      'failing',
      (batch) => {
        if (failures-- > 0) throw new Error('not yet');
        seen.push(...batch.map((event) => event.id));
      },
      errors,
    );
    const { id } = await log.append(anEvent());
    await waitFor(() => seen.includes(id));
    expect(errors).toHaveLength(2);
    expect(new Set(seen).size).toBe(seen.length);
    await tail.stop();
  });

  it('goes back when it is moved', async () => {
    let count = 0;
    const tail = tailInto('moved', (batch) => void (count += batch.length));
    await log.append(anEvent());
    await waitFor(async () => !(await log.beyond((await loadPosition(db, 'moved')).at)));
    const all = count;
    tail.moveTo(START_OF_LOG);
    await log.append(anEvent());
    await waitFor(() => count === all + all + 1);
    await tail.stop();
  });
});
