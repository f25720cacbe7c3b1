import pg from 'pg';
import { beforeEach, describe, expect, it } from 'vitest';
import { newCorrelationId, operatorEventId, type Acting, type NewEvent } from '#contract';
import { freshDatabase, type FreshDatabase } from '#testkit';
import { applyAsAct, migrate, openDatabase, openEventLog, readAudit, recordAct, verifyAudit, type Database } from './index.ts';

const ana: Acting = { who: { kind: 'key', id: 'k1', name: 'ana', tenant: undefined, scopes: ['admin'] }, from: '10.0.0.7' };

let server: FreshDatabase;
let db: Database;
let owner: pg.Client;

beforeEach(async () => {
  server = await freshDatabase();
  await migrate(server.url);
  db = openDatabase({ url: server.url, applicationName: 'audit-test', max: 4 });
  owner = new pg.Client({ connectionString: server.url });
  await owner.connect();
  const current = { server, db, owner };
  return async () => {
    await current.owner.end();
    await current.db.close();
    await current.server.drop();
  };
});

const act = (subject: string, by = ana): Promise<string> => recordAct(db, 'revoke-key', by, async () => ({ result: subject, subject, changed: { revoked: true } }));

const manifest = (version: number): NewEvent & { stream: { name: string; version: number } } => ({
  id: operatorEventId('apply', 'x', version), type: 'operator.manifest-applied', partner: 'trunkline', integration: 'hub', tenant: 'default',
  correlationId: newCorrelationId(), occurredAt: '2026-03-01T12:00:00.000Z', schemaVersion: 1, contentType: 'application/json',
  data: Buffer.from('{"version":1}'), headers: {}, stream: { name: 'manifest', version },
});

describe('the audit trail', () => {
  it('says who did what, from where, and what changed, each record with the hash of the one before', async () => {
    await act('one');
    await applyAsAct(db, { ...ana, from: 'desk' })(manifest(1), ['+ route paid']);
    const [first, second] = await readAudit(db);
    expect(first).toMatchObject({ version: 1, act: 'revoke-key', who: { kind: 'key', id: 'k1', name: 'ana' }, from: '10.0.0.7', subject: 'one', changed: { revoked: true }, previous: '0'.repeat(64) });
    expect(second).toMatchObject({ version: 2, act: 'apply-manifest', from: 'desk', subject: 'manifest version 1', changed: { changes: ['+ route paid'] }, previous: first!.hash, fact: { id: manifest(1).id } });
    expect(await verifyAudit(db)).toEqual({ records: 2, head: { version: 2, hash: second!.hash }, broken: undefined });
  });

  it('holds when many act at once, also with fewer connections than acts', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, index) => act(String(index))));
    const records = await readAudit(db);
    expect(records.map(({ version }) => version)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    expect(new Set(records.map(({ subject }) => subject)).size).toBe(20);
    expect((await verifyAudit(db)).broken).toBeUndefined();
  });

  it('has no record of what was not done, and nothing is done without a record', async () => {
    await applyAsAct(db, ana)(manifest(1), []);
    await expect(applyAsAct(db, ana)({ ...manifest(1), id: newCorrelationId() }, [])).rejects.toMatchObject({ code: 'version-conflict' });
    expect(await readAudit(db)).toHaveLength(1);
    await owner.query("create function refuse() returns trigger language plpgsql as $$ begin raise exception 'no records today'; end $$");
    await owner.query("create trigger refuse before insert on events for each row when (new.stream = 'audit') execute function refuse()");
    await expect(applyAsAct(db, ana)(manifest(2), [])).rejects.toThrow('no records today');
    const log = openEventLog(db);
    expect(await log.manifests()).toHaveLength(1);
    log.close();
  });

  it('cannot be changed by a service', async () => {
    await act('one');
    await expect(db.pool.query("update events set tenant = 'x' where stream = 'audit'")).rejects.toThrow('permission denied');
    await expect(db.pool.query("delete from events where stream = 'audit'")).rejects.toThrow('permission denied');
  });

  it.each([
    ['the data', `data = convert_to(replace(convert_from(data, 'UTF8'), 'ana', 'bob'), 'UTF8')`],
    ['the time', `recorded_at = recorded_at - interval '1 day'`],
    ['a header', `headers = '{"x":"y"}'`],
  ])('names the first broken link when a superuser changes %s of a record', async (_what, change) => {
    for (const subject of ['one', 'two', 'three', 'four']) await act(subject);
    const { rows } = await owner.query<{ id: string }>(`update events set ${change} where stream = 'audit' and stream_version in (2, 3) returning id`);
    expect(rows).toHaveLength(2);
    const { broken, records } = await verifyAudit(db);
    expect([broken!.version, records]).toEqual([2, 1]);
    expect(broken!.why).toMatch(/^Record 2 \([0-9a-f-]{36}\) is not what record 3 says came before it/);
  });

  it('names a record that is missing, and one that cannot be read', async () => {
    for (const subject of ['one', 'two', 'three']) await act(subject);
    await owner.query("update events set data = '{' where stream = 'audit' and stream_version = 3");
    expect((await verifyAudit(db)).broken).toMatchObject({ version: 3, why: expect.stringContaining('cannot be read any more') });
    await owner.query("delete from events where stream = 'audit' and stream_version = 2");
    expect((await verifyAudit(db)).broken).toMatchObject({ version: 2, why: 'Record 2 is missing: after record 1 comes record 3.' });
  });

  it('notices that the fact which it speaks of was changed, or is gone', async () => {
    await applyAsAct(db, ana)(manifest(1), []);
    await owner.query("update events set data = '{}' where stream = 'manifest'");
    expect((await verifyAudit(db)).broken).toMatchObject({ version: 1, why: `The event ${manifest(1).id}, which record 1 speaks of, was changed.` });
    await owner.query("delete from events where stream = 'manifest'");
    expect((await verifyAudit(db)).broken).toMatchObject({ version: 1, why: `The event ${manifest(1).id}, which record 1 speaks of, is gone.` });
  });

  it('notices by an earlier head that its end was cut off or changed', async () => {
    for (const subject of ['one', 'two', 'three']) await act(subject);
    const { head } = await verifyAudit(db);
    await act('four');
    expect(await verifyAudit(db, head)).toMatchObject({ records: 4, broken: undefined });
    await owner.query("with cut as (delete from events where stream = 'audit' and stream_version > 2 returning id) delete from event_ids using cut where event_ids.id = cut.id");
    expect((await verifyAudit(db)).broken).toBeUndefined();
    expect((await verifyAudit(db, head)).broken).toMatchObject({ version: 3, why: 'The trail ends at record 2; the head that was noted is record 3.' });
    await act('another three');
    expect((await verifyAudit(db, head)).broken).toMatchObject({ version: 3, why: expect.stringContaining('is not the one that was noted as the head') });
  });

  it('is empty at first', async () => {
    expect(await verifyAudit(db)).toMatchObject({ records: 0, broken: undefined });
    expect((await verifyAudit(db, { version: 1, hash: '0'.repeat(64) })).broken).toMatchObject({ version: 1 });
  });
});
