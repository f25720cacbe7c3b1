import pg from 'pg';
import { newCorrelationId } from '#contract';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { anEvent, consoleWorld, TESTER, type ConsoleWorld } from './test/console-world.ts';

let world: ConsoleWorld;
beforeAll(async () => {
  world = await consoleWorld();
});
afterAll(() => world.end());

it('answers an event that retention took with 410, and a key of one tenant as if it had never been', async () => {
  const [gone, never] = [anEvent(), newCorrelationId()];
  await world.log.append(gone);
  const owner = new pg.Client(world.databaseUrl);
  await owner.connect();
  await owner.query("select open_segment('inbound')");
  await owner.query("update segments set dropped_at = '2026-03-01T00:00:00Z' where category = 'inbound' and closed_at is not null");
  await owner.end();
  expect(await world.ask(`/v1/events/${gone.id}`)).toMatchObject({
    status: 410,
    body: { cause: 'event-dropped', detail: expect.stringContaining('was on record until 2026-03-01T00:00:00Z') },
  });
  expect(await world.ask(`/v1/events/${never}`)).toMatchObject({ status: 404, body: { cause: 'not-found' } });
  const { text } = await world.keys.create({ name: 'bound', scopes: ['read'], tenant: 'default' }, TESTER);
  expect(await world.askAs(text, `/v1/events/${gone.id}`)).toMatchObject({ status: 404, body: { cause: 'not-found' } });
});
