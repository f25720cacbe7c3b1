import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandId, newCorrelationId, outcomeEventId, type Acting, type Command } from '#contract';
import { freshDatabase } from '#testkit';
import { migrate, openCommandLedger, openDatabase, openEventLog, redrive, type CommandLedger, type Database, type EventLog, type Outcome } from './index.ts';

const ADA: Acting = { who: { kind: 'key', id: 'k1', name: 'Ada', tenant: undefined, scopes: ['operate'] }, from: '10.0.0.7' };

const aCommand = (more: Partial<Command> = {}): Command => {
  const eventId = newCorrelationId();
  return {
    id: commandId(eventId, 'r', 't'),
    partner: 'slack',
    integration: 'ops',
    action: 'post-message',
    lane: 'normal',
    tenant: 'default',
    route: 'r',
    target: 't',
    eventId,
    correlationId: newCorrelationId(),
    hops: 1,
    issuedAt: new Date().toISOString(),
    deadline: new Date(Date.now() + 3_600_000).toISOString(),
    redrive: 0,
    input: { text: 'hi' },
    ...more,
  };
};

const anOutcome = (command: Command, attempt: number, state: Outcome['state'], more: Partial<Outcome> = {}): Outcome => ({
  commandId: command.id,
  attempt,
  state,
  refund: 0,
  ...more,
  event: {
    id: outcomeEventId(command.id, attempt),
    type: `command.${state}`,
    partner: command.partner,
    integration: command.integration,
    tenant: command.tenant,
    correlationId: command.correlationId,
    causationId: command.id,
    occurredAt: new Date().toISOString(),
    schemaVersion: 1,
    contentType: 'application/json',
    data: Buffer.from(JSON.stringify({ commandId: command.id, attempt, command })),
    headers: {},
  },
});

describe('the commands ledger', () => {
  let server: Awaited<ReturnType<typeof freshDatabase>>;
  let db: Database;
  let log: EventLog;
  let mine: CommandLedger;
  let theirs: CommandLedger;
  let shortLived: CommandLedger;

  beforeAll(async () => {
    server = await freshDatabase();
    await migrate(server.url);
    db = openDatabase({ url: server.url, applicationName: 'spec', max: 8 });
    log = openEventLog(db);
    mine = openCommandLedger(db, { owner: 'mine', leaseMs: 60_000 });
    theirs = openCommandLedger(db, { owner: 'theirs', leaseMs: 60_000 });
    shortLived = openCommandLedger(db, { owner: 'short-lived', leaseMs: 0 });
  });
  afterAll(async () => {
    log.close();
    await db.close();
    await server.drop();
  });

  it('shows the sealed event behind a command to who has it in hand, and to nobody else', async () => {
    const webhook = async (headers: Record<string, string>): Promise<Command> => {
      const command = aCommand();
      await log.append({ ...anOutcome(command, 1, 'succeeded').event, id: command.eventId, type: 'inbound.x', headers });
      return command;
    };
    const [sealed, open] = [await webhook({ 'trunkline-sealed': 'v1;a' }), await webhook({})];
    expect(await mine.eventBehind(sealed.id)).toBeUndefined();
    for (const command of [sealed, open]) await mine.claim(command);
    expect(await mine.eventBehind(sealed.id)).toMatchObject({ id: sealed.eventId, type: 'inbound.x' });
    expect(await theirs.eventBehind(sealed.id)).toBeUndefined();
    expect(await mine.eventBehind(open.id)).toBeUndefined();
    await mine.settle(anOutcome(sealed, 1, 'succeeded'));
    expect(await mine.eventBehind(sealed.id)).toBeUndefined();
  });

  it('gives a command to one claimer and tells the other how long to wait', async () => {
    const command = aCommand();
    expect(await mine.claim(command)).toEqual({ kind: 'claimed', attempt: 1, spent: 1, takenOver: false });
    const other = await theirs.claim(command);
    expect(other.kind).toBe('busy');
    expect((other as { waitMs: number }).waitMs).toBeGreaterThan(50_000);
  });

  it('gives one of two twins in the same batch, not both', async () => {
    const command = aCommand();
    const claims = await Promise.all([mine.claim(command), mine.claim(command)]);
    expect(claims.map((claim) => claim.kind).sort()).toEqual(['busy', 'claimed']);
  });

  it('records state and fact together, then knows the command as settled', async () => {
    const command = aCommand();
    await mine.claim(command);
    expect(await mine.settle(anOutcome(command, 1, 'succeeded'))).toBe(true);
    expect(await log.find(outcomeEventId(command.id, 1))).toMatchObject({ type: 'command.succeeded', causationId: command.id });
    expect(await theirs.claim(command)).toEqual({ kind: 'settled', state: 'succeeded' });
  });

  it('recognises an outcome that it has already recorded', async () => {
    const command = aCommand();
    await mine.claim(command);
    const outcome = anOutcome(command, 1, 'succeeded');
    expect([await mine.settle(outcome), await mine.settle(outcome)]).toEqual([true, true]);
  });

  it('lets a lapsed lease be taken over, says so, and refuses the late outcome of the first owner', async () => {
    const command = aCommand();
    await shortLived.claim(command);
    expect(await mine.claim(command)).toMatchObject({ kind: 'claimed', attempt: 2, takenOver: true });
    expect(await shortLived.settle(anOutcome(command, 1, 'dead'))).toBe(false);
    expect(await log.find(outcomeEventId(command.id, 1))).toBeUndefined();
    expect(await mine.settle(anOutcome(command, 2, 'succeeded'))).toBe(true);
  });

  it('keeps a waiting command until its time, and then counts on', async () => {
    const command = aCommand();
    await mine.claim(command);
    await mine.settle(anOutcome(command, 1, 'waiting', { nextAttemptAt: new Date(Date.now() + 30_000).toISOString() }));
    expect(await mine.claim(command)).toMatchObject({ kind: 'busy' });
    await db.pool.query(`update commands set next_attempt_at = now() where id = $1`, [command.id]);
    expect(await mine.claim(command)).toEqual({ kind: 'claimed', attempt: 2, spent: 2, takenOver: false });
  });

  it('gives back an attempt that does not count', async () => {
    const command = aCommand();
    await mine.claim(command);
    await mine.settle(anOutcome(command, 1, 'waiting', { nextAttemptAt: new Date().toISOString(), refund: 1 }));
    expect(await mine.claim(command)).toMatchObject({ attempt: 2, spent: 1 });
  });

  it('redrives a dead command under its own id, once per request', async () => {
    const command = aCommand();
    await mine.claim(command);
    await mine.settle(anOutcome(command, 1, 'dead'));
    const request = { commandId: command.id, by: ADA, at: new Date().toISOString() };
    const answer = await redrive(db, request);
    expect(answer).toMatchObject({ redrive: 1, correlationId: command.correlationId });
    const fact = await log.find(answer.eventId);
    expect(fact).toMatchObject({ type: 'operator.redrive-requested', partner: 'slack', causationId: outcomeEventId(command.id, 1) });
    expect(JSON.parse(fact!.data.toString())).toMatchObject({ by: 'Ada', command: { id: command.id, input: { text: 'hi' } } });
    await expect(redrive(db, request)).rejects.toMatchObject({ code: 'not-redrivable' });
    expect(await mine.claim({ ...command, redrive: 1 })).toMatchObject({ kind: 'claimed', attempt: 2, spent: 1, takenOver: false });
  });

  it('refuses to redrive what succeeded or does not exist', async () => {
    const command = aCommand();
    await mine.claim(command);
    await mine.settle(anOutcome(command, 1, 'succeeded'));
    const at = new Date().toISOString();
    await expect(redrive(db, { commandId: command.id, by: ADA, at })).rejects.toMatchObject({ code: 'not-redrivable' });
    await expect(redrive(db, { commandId: newCorrelationId(), by: ADA, at })).rejects.toMatchObject({ code: 'not-found' });
  });
});
