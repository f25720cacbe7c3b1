import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newCorrelationId, type NewEvent } from '#contract';
import { migrate, runMigrations } from '#event-log';
import { freshDatabase, scratchFolder } from '#testkit';
import { migrateReadModels } from '../migrate-read-models.ts';
import { aCommand, anEvent, anOutcome, appendAll, seededLog, type SeededLog } from '../test/seeded-log.ts';
import { groupDeadLetters } from './group-dead-letters.ts';
import { listCommands } from './list-commands.ts';
import { listDeadLetters } from './list-dead-letters.ts';
import { listEvents } from './list-events.ts';
import { readTimeline } from './read-timeline.ts';

const failure = { class: 'client' as const, code: 'partner-refused', message: 'no' };
const correlationId = newCorrelationId();

/** Both tenants use the same account, route and flow: only the tenant tells them apart. */
const of = (tenant: string): { inbound: NewEvent; dead: NewEvent; commandId: string } => {
  const command = aCommand({ tenant, correlationId });
  return {
    inbound: anEvent({ tenant, correlationId }),
    dead: { ...anOutcome(command, 1, 'dead-lettered', { failure }), tenant },
    commandId: command.id,
  };
};
const [north, south] = [of('north'), of('south')];
const hub = anEvent({ type: 'operator.manifest-applied', partner: 'trunkline', integration: 'hub', tenant: 'north' });

let seeded: SeededLog;
beforeAll(async () => {
  seeded = await seededLog();
  await appendAll(seeded.log, [north.inbound, south.inbound, hub, north.dead, south.dead]);
  await seeded.project();
});
afterAll(() => seeded.end());

const page = { limit: 50 };

describe('what is asked for one tenant', () => {
  it.each([
    ['all of it', {}],
    ['by partner', { partner: 'stripe' }],
    ['by type', { type: 'inbound.' }],
    ['by flow', { correlationId }],
    ['by flow and type', { correlationId, type: 'inbound.' }],
    ['since', { since: '2020-01-01T00:00:00Z' }],
  ])('lists its events alone: %s', async (_name, filter) => {
    const events = async (tenant?: string) => (await listEvents(seeded.db, { ...filter, tenant }, page)).items.map((item) => item.id);
    const all = await events();
    const inbound = [north.inbound.id, south.inbound.id];
    expect(all).toEqual(expect.arrayContaining(inbound));
    expect((await events('north')).toSorted()).toEqual(all.filter((id) => [north.inbound.id, north.dead.id].includes(id)).toSorted());
    expect((await events('south')).toSorted()).toEqual(all.filter((id) => [south.inbound.id, south.dead.id].includes(id)).toSorted());
    expect(await events('nobody')).toEqual([]);
  });

  it('lists its commands and dead letters alone', async () => {
    for (const [tenant, one] of [['north', north], ['south', south]] as const) {
      const commands = [
        await listCommands(seeded.db, { tenant }, page), await listCommands(seeded.db, { tenant, state: 'dead', partner: 'slack' }, page),
        await listDeadLetters(seeded.db, { tenant }, page), await listDeadLetters(seeded.db, { tenant, cause: 'partner-refused' }, page),
      ];
      for (const { items } of commands) expect(items.map(({ id, tenant: whose }) => [id, whose])).toEqual([[one.commandId, tenant]]);
      expect((await groupDeadLetters(seeded.db, { tenant })).groups).toMatchObject([{ count: 1, example: { commandId: one.commandId } }]);
    }
    expect((await groupDeadLetters(seeded.db, {})).groups).toMatchObject([{ count: 2 }]);
  });

  it('tells its part of a flow', async () => {
    const steps = async (tenant?: string) => (await readTimeline(seeded.db, { correlationId, tenant }, page)).items.map((event) => event.id);
    expect(await steps('north')).toEqual([north.inbound.id, north.dead.id]);
    expect(await steps('nobody')).toEqual([]);
    expect(await steps()).toEqual([north.inbound.id, south.inbound.id, north.dead.id, south.dead.id]);
  });
});

it('is made again from the log in a database of the version before', async () => {
  const server = await freshDatabase();
  const folder = await scratchFolder('migrations');
  const files = fileURLToPath(new URL('../migrations/', import.meta.url));
  await cp(files, folder, { recursive: true, filter: (file) => !file.includes('0004_') });
  await migrate(server.url);
  await runMigrations(server.url, pathToFileURL(join(folder, '/')), 'read-models');
  const owner = new pg.Client({ connectionString: server.url });
  await owner.connect();
  await owner.query(`
    insert into event_kinds (partner, integration, type) values ('stripe', 'acme', 'inbound.old');
    insert into event_feed select '9', 1, gen_random_uuid(), 1, gen_random_uuid(), now();
    insert into reader_positions (reader, tx, position) values ('projection:event-feed', '9', 1), ('projection:deliveries', '9', 1), ('projection:integration-status', '9', 1), ('relay', '9', 1)`);
  expect(await migrateReadModels(server.url)).toEqual(['0004_make_tenant_part_of_kinds.sql']);
  const { rows } = await owner.query('select reader, tx, (select count(*)::int from event_feed) as events from reader_positions order by reader');
  expect(rows).toEqual([
    { reader: 'projection:deliveries', tx: '0', events: 0 }, { reader: 'projection:event-feed', tx: '0', events: 0 },
    { reader: 'projection:integration-status', tx: '9', events: 0 }, { reader: 'relay', tx: '9', events: 0 },
  ]);
  await owner.end();
  await server.drop();
  await rm(folder, { recursive: true, force: true });
});
