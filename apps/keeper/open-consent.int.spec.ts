import { randomUUID } from 'node:crypto';
import { SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { newCorrelationId, operatorEventId, traceIdOf, type Acting, type ConsentSpec, type Identifier, type Manifest, type NewEvent } from '#contract';
import { MANIFEST_STREAM, loadPosition, migrate, openDatabase, openEventLog, START_OF_LOG, type Database, type EventLog } from '#event-log';
import { freshDatabase, recordSpans, TEST_MASTER_KEYS, waitFor, type FreshDatabase, type RecordedSpans } from '#testkit';
import { decideSuppression, migrateVault, openMasterKeys, openPeople, type People } from '#vault';
import pg from 'pg';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { openConsent, type ConsentTail } from './open-consent.ts';

let server: FreshDatabase;
let db: Database;
let log: EventLog;
let people: People;
let tail: ConsentTail;
let spans: RecordedSpans;
const faults: unknown[] = [];
const passed: string[] = [];

beforeAll(async () => {
  spans = recordSpans();
  server = await freshDatabase();
  await migrate(server.url);
  await migrateVault(server.url);
  db = openDatabase({ url: server.url, applicationName: 'consent-test', max: 6 });
  log = openEventLog(db);
  people = openPeople(db, openMasterKeys(TEST_MASTER_KEYS));
  tail = openConsent({ db, log, people, passedOver: ({ id }) => passed.push(id), onError: (error) => faults.push(error) });
  tail.start();
});
afterAll(async () => {
  await tail.stop();
  await spans.stop();
  await people.close();
  log.close();
  await db.close();
  await server.drop();
});

const apply = (consent: ConsentSpec[] | undefined, version: number) =>
  log.appendExpected({
    id: operatorEventId('apply', 'manifest', version), type: 'operator.manifest-applied', partner: 'trunkline', integration: 'hub', tenant: 'default', correlationId: newCorrelationId(),
    occurredAt: '2026-01-01T00:00:00Z', schemaVersion: 1, contentType: 'application/json', headers: {}, stream: { name: MANIFEST_STREAM, version },
    data: Buffer.from(JSON.stringify({ version: 1, integrations: [], routes: [], ...(consent && { consent }) } satisfies Manifest)),
  });

const mail = (value: string): Identifier => ({ kind: 'email', value });

/** A webhook as ingest puts it on record: sealed for the person whom it names. */
const tell = async (name: string, email: string, more: object = {}, headers: Record<string, string> = {}): Promise<NewEvent> => {
  const event: NewEvent = {
    id: randomUUID(), type: `inbound.${name}`, partner: 'generic', integration: 'mail', tenant: 'default', correlationId: newCorrelationId(), occurredAt: '2026-01-01T00:00:00Z',
    schemaVersion: 1, contentType: 'application/json', data: Buffer.from(JSON.stringify({ email, ...more })), headers,
  };
  const sealed = await people.sealEvent(event, [mail(email)]);
  await log.append(sealed);
  return sealed;
};

const heard = (): ReadableSpan[] => spans.named('keeper.heed');
const traceOf = (span: ReadableSpan): string => span.spanContext().traceId;

const isSuppressed = async (email: string) => (await people.suppressed([mail(email)], { tenant: 'default', partner: 'http', integration: 'crm' })) !== undefined;
const until = (email: string, wanted: boolean) => waitFor(async () => (await isSuppressed(email)) === wanted, { what: `${email} to be ${wanted ? 'suppressed' : 'allowed'}`, withinMs: 10_000 });

const OPERATOR: Acting = { who: { kind: 'local', id: 'ana', name: 'ana', tenant: undefined, scopes: ['admin'] }, from: 'here' };
const CONSENT: ConsentSpec[] = [
  { name: 'out', on: 'generic.mail.inbound.unsubscribed', when: { 'body.list': { $ne: 'test' } }, identifier: { kind: 'email', path: 'email' }, means: 'suppress' },
  { name: 'in', on: 'generic.mail.inbound.subscribed', identifier: { kind: 'email', path: 'email' }, means: 'allow' },
];

it('reads nothing before a manifest says that webhooks tell of consent', async () => {
  await apply(undefined, 1);
  await tell('unsubscribed', 'early@example.com');
  expect((await loadPosition(db, 'consent')).at).toEqual(START_OF_LOG);
});

it('puts on the list who unsubscribes, and takes off who subscribes again, however their address is written', async () => {
  await apply(CONSENT, 2);
  await tell('unsubscribed', 'Ada@Example.com');
  await until('ada@example.com', true);
  await tell('subscribed', 'ada@example.com');
  await until('ada@example.com', false);
  expect(await isSuppressed('early@example.com'), 'what was said before it counted').toBe(false);
});

it('heeds filters, other events not at all, and goes on behind one that was erased', async () => {
  await tell('unsubscribed', 'bob@example.com', { list: 'test' });
  await tell('opened', 'bob@example.com');
  const erased = await tell('unsubscribed', 'gone@example.com');
  await db.pool.query('update people.subjects set key = null, erased_at = now() where id = $1', [erased.headers['trunkline-sealed']!.slice(3)]);
  await tell('unsubscribed', 'last@example.com');
  await until('last@example.com', true);
  expect(await isSuppressed('bob@example.com')).toBe(false);
});

it('tells of one that cannot be opened, and goes on behind it', async () => {
  const event = await tell('unsubscribed', 'kept@example.com');
  const damaged: NewEvent = { ...event, id: randomUUID() };
  await log.append(damaged);
  await tell('unsubscribed', 'behind@example.com');
  await until('behind@example.com', true);
  expect([passed, faults, await isSuppressed('kept@example.com')]).toEqual([[damaged.id], [], true]);
});

it('lets the newest word count, also that of an operator, and has nothing to change when it reads the log again', async () => {
  await tell('unsubscribed', 'eve@example.com');
  await until('eve@example.com', true);
  await decideSuppression(db, people, { ...mail('eve@example.com'), tenant: 'default', state: 'allowed' }, OPERATOR);
  await tail.stop();
  await db.pool.query(`update reader_positions set tx = '1', position = 0 where reader = 'consent'`);
  tail = openConsent({ db, log, people, passedOver: ({ id }) => passed.push(id), onError: (error) => faults.push(error) });
  tail.start();
  const before = heard().length;
  const mark = await tell('unsubscribed', 'mark@example.com');
  await until('mark@example.com', true);
  expect([await isSuppressed('eve@example.com'), await isSuppressed('ada@example.com'), await isSuppressed('last@example.com')]).toEqual([false, false, true]);
  await waitFor(() => heard().length > before, { what: 'the span of what is new' });
  expect(heard().slice(before).map(traceOf), 'only what is new has a span').toEqual([traceIdOf(mark.correlationId)]);
  expect(faults).toEqual([]);
});

it('says in the flow of the event what came of it, also that it failed', async () => {
  const [parent, before] = ['00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', heard().length];
  await tell('unsubscribed', 'kim@example.com', {}, { traceparent: parent });
  const span = await waitFor(() => heard()[before], { what: 'the span of a word' });
  expect([traceOf(span), span.parentSpanContext!.spanId]).toEqual(['4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7']);
  expect(span.attributes).toMatchObject({ 'trunkline.consent': 'suppressed', 'trunkline.identifier.kind': 'email' });
  expect(JSON.stringify(span.attributes)).not.toContain('kim@');

  const owner = new pg.Client(server.url);
  await owner.connect();
  onTestFinished(() => owner.end());
  await owner.query('alter table people.suppressions rename to suppressions_away');
  const { correlationId } = await tell('subscribed', 'kim@example.com');
  const ofFlow = (status: SpanStatusCode) => heard().some((one) => traceOf(one) === traceIdOf(correlationId) && one.status.code === status);
  await waitFor(() => ofFlow(SpanStatusCode.ERROR), { what: 'a word that could not be put down' });
  await owner.query('alter table people.suppressions_away rename to suppressions');
  await waitFor(() => ofFlow(SpanStatusCode.UNSET), { what: 'the same word, put down' });
});
