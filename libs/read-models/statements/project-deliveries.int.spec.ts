import { afterAll, beforeAll, expect, it } from 'vitest';
import { operatorEventId, type Command } from '#contract';
import { deliveries } from '../deliveries.projection.ts';
import { PROJECTIONS } from '../projections.ts';
import { rebuildProjection } from '../rebuild-projection.ts';
import { aCommand, anEvent, anOutcome, appendAll, seededLog, type SeededLog } from '../test/seeded-log.ts';

let seeded: SeededLog;
beforeAll(async () => {
  seeded = await seededLog();
});
afterAll(() => seeded.end());

const failure = { class: 'transient' as const, code: 'partner-timeout', message: 'No answer within 10 s.' };

const rowOf = async (command: Command): Promise<Record<string, unknown>> =>
  (await seeded.db.pool.query('select * from deliveries d join delivery_kinds k on k.id = d.kind where command_id = $1', [command.id])).rows[0];

const all = async (): Promise<unknown[]> => (await seeded.db.pool.query('select k.*, d.*, null as id, null as kind from deliveries d join delivery_kinds k on k.id = d.kind order by command_id')).rows;

const redriveOf = (command: Command, redrive: number) =>
  anEvent({
    id: operatorEventId('redrive', command.id, redrive),
    type: 'operator.redrive-requested',
    partner: command.partner,
    integration: command.integration,
    correlationId: command.correlationId,
    data: Buffer.from(JSON.stringify({ by: 'ana', redrive, command })),
  });

it('keeps one row per command with its newest outcome, also when several come in one chunk', async () => {
  const command = aCommand();
  await appendAll(seeded.log, [
    anOutcome(command, 1, 'retrying', { failure, nextAttemptAt: '2026-03-01T12:00:05.000Z' }),
    anOutcome(command, 2, 'succeeded', { answer: { status: 200, reference: 'msg-7' } }),
  ]);
  await seeded.project();
  expect(await rowOf(command)).toMatchObject({
    state: 'succeeded', attempts: 2, redrives: 0, answer_status: 200, answer_reference: 'msg-7', next_attempt_at: null,
    failure_class: 'transient', failure_code: 'partner-timeout', partner: 'slack', integration: 'ops', route: 'tell-ops', duration_ms: 12.5,
  });
});

it('moves on from chunk to chunk: waiting, dead, released by an operator, succeeded', async () => {
  const command = aCommand();
  const states = [];
  for (const event of [
    anOutcome(command, 1, 'retrying', { failure, nextAttemptAt: '2026-03-01T12:00:05.000Z' }),
    anOutcome(command, 2, 'dead-lettered', { failure: { ...failure, code: 'attempts-exhausted' } }),
    redriveOf(command, 1),
    anOutcome({ ...command, redrive: 1 }, 3, 'succeeded', { answer: { status: 201 } }),
  ]) {
    await seeded.log.append(event);
    await seeded.project();
    const { state, attempts, redrives, failure_code } = await rowOf(command);
    states.push([state, attempts, redrives, failure_code]);
  }
  expect(states).toEqual([
    ['waiting', 1, 0, 'partner-timeout'],
    ['dead', 2, 0, 'attempts-exhausted'],
    ['released', 2, 1, 'attempts-exhausted'],
    ['succeeded', 3, 1, 'attempts-exhausted'],
  ]);
});

it('changes nothing when the same events are taken again', async () => {
  const before = await all();
  await seeded.db.pool.query(deliveries.statement.text, ['0', '0', '9223372036854775807', '0', -1, []]);
  expect(await all()).toEqual(before);
  expect(before).toHaveLength(2);
});

it('comes out the same whatever the chunks, also when rebuilt', async () => {
  const before = await all();
  for (const limit of [1, 3, 500]) {
    for (const projection of PROJECTIONS) await rebuildProjection(seeded.db, projection.name);
    expect(await all()).toEqual([]);
    await seeded.project(limit);
    expect(await all()).toEqual(before);
  }
});

it('passes by what is no report, and keeps a message that holds a character Postgres cannot store', async () => {
  const command = aCommand();
  const rows = (await all()).length;
  const unreadable = [Buffer.from('{"commandId":"nobody"}'), Buffer.from('[]'), Buffer.from([0xff, 0xfe]), Buffer.from('{"attempt":"many"}'), Buffer.from('')];
  await appendAll(seeded.log, unreadable.map((data) => anEvent({ type: 'command.succeeded', data })));
  await seeded.log.append(anOutcome(command, 1, 'dead-lettered', { failure: { ...failure, message: 'it said \u0000 twice \u0000' } }));
  await seeded.project();
  expect(await all()).toHaveLength(rows + 1);
  expect(await rowOf(command)).toMatchObject({ state: 'dead', failure_message: 'it said  twice ' });
});
