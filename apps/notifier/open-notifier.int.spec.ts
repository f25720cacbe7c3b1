import { SpanStatusCode } from '@opentelemetry/api';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, onTestFinished } from 'vitest';
import { loadConfig } from '#boot';
import { connectBus, ensureStreams, openPublisher, type Bus } from '#bus';
import { traceIdOf } from '#contract';
import { migrate, openDatabase, openEventLog, tellAccountStates, type Database, type EventLog } from '#event-log';
import { openChannels } from '#notify';
import { migrateReadModels } from '#read-models';
import { createLogger } from '#telemetry';
import { actingPartners } from '#partners';
import { openListener, openMailbox, recordSpans, startTestNats, startTestPostgres, waitFor, type Listener, type Mailbox, type TestNats, type TestPostgres } from '#testkit';
import { notifierConfig } from './notifier.config.ts';
import { openNotifier, type Notifier } from './open-notifier.ts';

const LOOK_MS = 15_000;
const MIN = 60_000;
const HOUR = 60 * MIN;

let postgres: TestPostgres;
let nats: TestNats;
let bus: Bus;
let listener: Listener;
let mailbox: Mailbox;
let offsetMs = 0;
let jumpMs = 0;
let closers: (() => unknown)[] = [];

/** Time that passes in a test passes for every clock; `jumpMs` is how far the clock of day was set. */
const now = () => ({ at: Date.now() + offsetMs + jumpMs, steady: performance.now() + offsetMs });
const machineNow = (): number => now().at;

/** A notifier as one process has it: with connections and memory of its own. */
const aNotifier = (): Notifier & { db: Database } => {
  const db = openDatabase({ url: postgres.url, applicationName: 'notifier-test', max: 2 });
  const log: EventLog = openEventLog(db);
  const config = loadConfig(notifierConfig, {
    DATABASE_URL: postgres.url, NOTIFY_EVERY_MS: String(LOOK_MS), NOTIFY_WEBHOOK_URL: `${listener.url}/hook`,
    NOTIFY_SMTP_URL: `smtp://${mailbox.user.name}:${encodeURIComponent(mailbox.user.password)}@127.0.0.1:${mailbox.port}`, NOTIFY_EMAIL_FROM: 'hub@example.com', NOTIFY_EMAIL_TO: 'ana@example.com',
  });
  const notifier = openNotifier({ db, log, bus: () => bus, channels: openChannels(config, machineNow), config, logger: createLogger('notifier', { level: 'silent' }), now, machineNow });
  closers.push(async () => {
    await notifier.stop();
    log.close();
    await db.close();
  });
  return { ...notifier, db };
};

/** What the webhook was told, in the order in which it came. The clock of these tests is moved, which is a condition of its own. */
const told = (): string[] =>
  listener.heard.flatMap(({ body }) => (JSON.parse(body).data.notices as { kind: string; condition: string; subject: string }[])
    .filter(({ condition }) => condition !== 'TrunklineClockSkew')
    .map(({ kind, condition, subject }) => `${kind} ${condition.slice(9)} ${subject}`.trim()));

const lookFor = async (ms: number, ...notifiers: Notifier[]): Promise<void> => {
  for (let passed = 0; passed < ms; passed += LOOK_MS) {
    offsetMs += LOOK_MS;
    for (const notifier of notifiers) await notifier.look();
  }
};

const deadLetters = (db: Database, ...names: string[]) =>
  db.pool.query(`insert into account_minutes (partner, integration, minute, calls, failed, refused, slow, dead) select 'slack', name, date_trunc('minute', now()), 6, 6, 0, 0, 6 from unnest($1::text[]) as name`, [names]);

beforeAll(async () => {
  [postgres, nats, listener, mailbox] = await Promise.all([startTestPostgres({ durable: false }), startTestNats(), openListener(), openMailbox()]);
  await migrate(postgres.url);
  await migrateReadModels(postgres.url);
  bus = await connectBus({ url: nats.url, name: 'notifier-test' });
  await ensureStreams(bus, actingPartners);
}, 120_000);
afterAll(async () => {
  await bus.close();
  await Promise.all([postgres.stop(), nats.stop(), listener.stop(), mailbox.stop()]);
}, 60_000);
beforeEach(() => {
  [offsetMs, jumpMs] = [0, 0];
  listener.heard.length = 0;
  mailbox.mails.length = 0;
  listener.answer({ status: 200 });
});
afterEach(async () => {
  const { db } = aNotifier();
  await db.pool.query('delete from account_minutes; delete from account_states; update notices set recovered_at = now(), telling = null');
  for (const close of closers) await close();
  closers = [];
});

it('tells once, on every channel, whatever number of notifiers looks and after a restart', async () => {
  const [one, other] = [aNotifier(), aNotifier()];
  await deadLetters(one.db, 'ops');
  await Promise.all([one.look(), other.look()]);
  await Promise.all([one.look(), other.look()]);
  await aNotifier().look();
  expect(told()).toEqual(['opened DeadLetters slack/ops']);
  expect(mailbox.mails.map(({ text }) => /^Subject: (.*?)\r$/m.exec(text)![1])).toEqual(['Trunkline: slack/ops: 6 dead letters in fifteen minutes']);
});

it('makes one message of many things', async () => {
  const one = aNotifier();
  await deadLetters(one.db, ...Array.from({ length: 50 }, (_none, i) => `a${i}`));
  await one.look();
  expect(listener.heard).toHaveLength(1);
  expect(JSON.parse(listener.heard[0]!.body).data.title).toBe('Trunkline: 50 things are wrong');
});

it('reminds once when it has lasted for hours, and tells once that it is over', async () => {
  const [one, other] = [aNotifier(), aNotifier()];
  await deadLetters(one.db, 'ops');
  await one.look();
  offsetMs += 4 * HOUR - MIN;
  await Promise.all([one.look(), other.look()]);
  expect(told()).toEqual(['opened DeadLetters slack/ops']);
  offsetMs += MIN;
  await Promise.all([one.look(), other.look()]);
  expect(told()).toEqual(['opened DeadLetters slack/ops', 'reminded DeadLetters slack/ops']);
  await one.db.pool.query('delete from account_minutes');
  await lookFor(MIN, one, other);
  expect(told().slice(2)).toEqual(['recovered DeadLetters slack/ops']);
});

it('tells that it is over also when it was told in an earlier life', async () => {
  const before = aNotifier();
  await deadLetters(before.db, 'ops');
  await before.look();
  await before.stop();
  const after = aNotifier();
  await after.db.pool.query('delete from account_minutes');
  await lookFor(MIN, after);
  expect(told()).toEqual(['opened DeadLetters slack/ops', 'recovered DeadLetters slack/ops']);
});

it('tells while Postgres is away, once, and that it is back', async () => {
  const one = aNotifier();
  await one.look();
  await postgres.halt();
  await lookFor(45_000, one);
  expect(told()).toEqual([]);
  await lookFor(2 * MIN, one);
  expect(told()).toEqual(['opened LogUnavailable']);
  expect(JSON.parse(listener.heard[0]!.body).data.notices[0].lastGoodAt).toMatch(/Z$/);
  await postgres.resume();
  await lookFor(45_000, one);
  expect(told()).toEqual(['opened LogUnavailable']);
  await lookFor(MIN, one, aNotifier());
  expect(told()).toEqual(['opened LogUnavailable', 'recovered LogUnavailable']);
});

it('goes on telling on one channel while another fails, shows it, and tries that one again', async () => {
  const one = aNotifier();
  await deadLetters(one.db, 'ops');
  listener.answer({ status: 500 });
  await one.look();
  const { webhook, email, looks } = one.checks();
  expect([webhook!(), email!(), looks!()]).toEqual([false, true, true]);
  expect(mailbox.mails).toHaveLength(1);
  listener.heard.length = 0;
  listener.answer({ status: 200 });
  await lookFor(LOOK_MS, one);
  expect(told()).toEqual(['opened DeadLetters slack/ops']);
  expect(webhook!()).toBe(true);
  await lookFor(MIN, one);
  expect(mailbox.mails).toHaveLength(1);
});

it('makes one trace of a look that told something, with each try on each channel, and none of other looks', async () => {
  const spans = recordSpans();
  onTestFinished(spans.stop);
  const one = aNotifier();
  await one.look();
  await deadLetters(one.db, 'ops', 'sales');
  listener.answer({ status: 500 });
  await one.look();
  listener.answer({ status: 200 });
  await lookFor(LOOK_MS, one);

  const [look, ...more] = spans.named('notifier.look');
  expect([more, look!.attributes]).toEqual([[], expect.objectContaining({ 'trunkline.notices.opened': 2 })]);
  const { traceId, spanId } = look!.spanContext();
  expect(traceId).toBe(traceIdOf(listener.heard[0]!.headers['webhook-id'] as string));
  const sends = spans.named('notifier.send');
  expect(sends.map((span) => [span.spanContext().traceId, span.parentSpanContext!.spanId])).toEqual(sends.map(() => [traceId, spanId]));
  const on = (channel: string) => sends.filter(({ attributes }) => attributes['trunkline.channel'] === channel).map(({ status, links, attributes }) => [status.code, attributes['trunkline.notices'], links.map(({ context }) => context.spanId)]);
  const firstTry = sends.find(({ attributes }) => attributes['trunkline.channel'] === 'webhook')!.spanContext().spanId;
  expect(on('webhook')).toEqual([[SpanStatusCode.ERROR, 2, []], [SpanStatusCode.UNSET, 2, [firstTry]]]);
  expect(on('email')).toEqual([[SpanStatusCode.UNSET, 2, []]]);
});

it('tells what a notifier that died had not told', async () => {
  const first = aNotifier();
  await deadLetters(first.db, 'ops');
  listener.answer({ status: 503 });
  mailbox.refuse('no');
  await first.look();
  mailbox.refuse(undefined);
  listener.answer({ status: 200 });
  listener.heard.length = 0;
  const second = aNotifier();
  await lookFor(MIN, second);
  expect(told()).toEqual([]);
  await lookFor(MIN + LOOK_MS, second);
  expect(told()).toEqual(['opened DeadLetters slack/ops']);
});

it.each(['reminded', 'recovered'])('tells what a notifier that died had claimed and not told: %s', async (kind) => {
  const first = aNotifier();
  await deadLetters(first.db, 'ops');
  await first.look();
  if (kind === 'reminded') offsetMs += 4 * HOUR;
  else await first.db.pool.query('delete from account_minutes');
  // No channel takes it, and nobody tries again: that is how it dies.
  listener.answer({ status: 503 });
  mailbox.refuse('no');
  if (kind === 'reminded') await first.look();
  else await lookFor(2 * LOOK_MS, first);
  mailbox.refuse(undefined);
  listener.answer({ status: 200 });
  listener.heard.length = 0;
  const second = aNotifier();
  await lookFor(MIN, second);
  expect(told()).toEqual([]);
  await lookFor(MIN + LOOK_MS, second);
  expect(told()).toEqual([`${kind} DeadLetters slack/ops`]);
  await lookFor(5 * MIN, second, aNotifier());
  expect(told()).toHaveLength(1);
});

it.each([['ahead', 8 * HOUR], ['back', -8 * HOUR]])('neither falls silent nor says anything twice when the clock jumps %s', async (_where, ms) => {
  const [one, other] = [aNotifier(), aNotifier()];
  await deadLetters(one.db, 'ops');
  await one.look();
  await other.look();
  jumpMs = ms;
  await lookFor(5 * MIN, one, other);
  expect(told()).toEqual(['opened DeadLetters slack/ops']);
  await deadLetters(one.db, 'hr');
  listener.answer({ status: 503 });
  mailbox.refuse('no');
  await one.look();
  jumpMs = 0;
  mailbox.refuse(undefined);
  listener.answer({ status: 200 });
  listener.heard.length = 0;
  await lookFor(LOOK_MS, one);
  expect(told()).toEqual(['opened DeadLetters slack/hr']);
  offsetMs += 4 * HOUR;
  await Promise.all([one.look(), other.look()]);
  expect(told().toSorted()).toEqual(['opened DeadLetters slack/hr', 'reminded DeadLetters slack/hr', 'reminded DeadLetters slack/ops']);
  jumpMs = ms;
  await one.db.pool.query('delete from account_minutes');
  await lookFor(MIN, one, other);
  expect(told().slice(3).toSorted()).toEqual(['recovered DeadLetters slack/hr', 'recovered DeadLetters slack/ops']);
});

it('knows what waits on the bus, and who serves it; while NATS is away it says neither that it is so nor that it is over', async () => {
  const one = aNotifier();
  const publisher = openPublisher(bus);
  await publisher.publish([{ subject: 'cmd.slack.normal.ops.post-message', msgId: 'm1', headers: {}, body: Buffer.from('{}') }]);
  publisher.close();
  await lookFor(5 * MIN, one);
  await tellAccountStates(one.db, { partner: 'slack', process: 'p' }, [{ integration: 'ops', state: 'refused' }]);
  await lookFor(LOOK_MS, one);
  expect(told()).toEqual([]);
  await tellAccountStates(one.db, { partner: 'slack', process: 'p' }, []);
  await lookFor(LOOK_MS, one);
  await lookFor(5 * MIN, one);
  // The queue's age is measured with the moved clock, too.
  expect(told()).toEqual(['opened NoWorkers slack/ops/normal']);
  await nats.halt();
  await waitFor(() => !bus.connected(), { what: 'the bus to notice' });
  await lookFor(15 * MIN, one);
  expect(told()).toEqual(['opened NoWorkers slack/ops/normal']);
  await nats.resume();
  await waitFor(() => bus.connected(), { what: 'the bus to be back' });
});
