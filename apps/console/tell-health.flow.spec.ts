import { describe, expect, it } from 'vitest';
import { HubError, type IntegrationSpec } from '#contract';
import type { ToldStanding } from '#event-log';
import type { IntegrationStatus } from '#read-models';
import { tellHealth } from './tell-health.flow.ts';

const lag = (reader: string, behind = 0, behindS = 0) => ({ reader, at: '1.1', behind, behindS, movedAt: '2026-03-01T00:00:00Z' });
const all = (relay = lag('relay')) => [relay, lag('projection:event-feed'), lag('projection:deliveries'), lag('projection:integration-status'), lag('projection:account-calls'), lag('projection:subject-events')];
const holder = { pid: 7, application: 'report', state: 'idle in transaction', openS: 90, query: 'select 1' };

it('is well when every reader has taken every event', async () => {
  expect(await tellHealth({ lags: async () => all(), horizonHolder: async () => undefined, accounts: async () => [], held: async () => [] })()).toMatchObject({ status: 'ok', words: 'All is well.' });
});

it('names the reader that is behind, and who holds it back', async () => {
  const health = await tellHealth({ lags: async () => all(lag('relay', 10_001, 61.4)), horizonHolder: async () => holder, accounts: async () => [], held: async () => [] })();
  expect(health).toMatchObject({ status: 'degraded', words: 'Look at: relay, transactions.' });
  expect(health.parts.find((part) => part.name === 'relay')).toMatchObject({
    words: 'more than 10000 events wait to be taken, the oldest for 61 s. Is the relay running, and does NATS answer it?',
  });
});

it('tells of a reader that never ran', async () => {
  const health = await tellHealth({ lags: async () => all().slice(1), horizonHolder: async () => undefined, accounts: async () => [], held: async () => [] })();
  expect(health).toMatchObject({ status: 'degraded', words: 'Look at: relay.' });
});

it('tells why the log keeps more than it must, and is well all the same', async () => {
  const held = async () => [{ id: 7, category: 'inbound', heldBy: 'command 0b0c is dead', heldS: 60 }, { id: 9, category: 'command', heldBy: 'busy', heldS: 60 }];
  const health = await tellHealth({ lags: async () => all(), horizonHolder: async () => undefined, accounts: async () => [], held })();
  expect(health).toMatchObject({ status: 'ok', words: 'All is well.' });
  expect(health.parts.at(-1)!.words).toBe(
    'Segments of the log that are old enough to go and stay: 2. The oldest, 7 (inbound), because a command of a flow in it is not finished, or a dead letter for less than 30 days.',
  );
});

it.each([
  ['reader relay', 'because a reader of the log has not read it.'],
  ['queue slack.normal.ops', 'because a command waits in its queue since before it ended, or soon after.'],
  ['clock', 'because the database’s clock has jumped, and is not believed for a day.'],
  ['busy', 'because the log was too busy to let it go.'],
  ['error relation "events_7" does not exist', 'because the keeper failed when it looked at it; its log and the column held_by say how.'],
])('has words for what is held back by %s', async (heldBy, words) => {
  const held = async () => [{ id: 7, category: 'inbound', heldBy, heldS: 60 }];
  const health = await tellHealth({ lags: async () => all(), horizonHolder: async () => undefined, accounts: async () => [], held })();
  expect(health.parts.at(-1)!.words).toContain(`The oldest, 7 (inbound), ${words}`);
});

it('is down while the log is away', async () => {
  const away = () => Promise.reject(new HubError('log-unavailable', 'The database cannot be read now.'));
  expect(await tellHealth({ lags: away, horizonHolder: async () => undefined, accounts: async () => [], held: async () => [] })()).toMatchObject({ status: 'down', parts: [{ name: 'log', status: 'down' }] });
});

describe('integrations', () => {
  const counts = { events: 2, received: 0, succeeded: 1, retried: 1, dead: 0, expired: 0, skipped: 0, uncertain: 0 };
  const goneWell = { counts, lastEvent: { id: 'x', type: 'command.succeeded', at: '2026-03-01T12:00:00Z' }, lastSuccessAt: '2026-03-01T12:00:00Z' } as IntegrationStatus;
  const goneWrong = { ...goneWell, lastFailure: { class: 'client', code: 'partner-refused', message: 'no', at: '2026-03-01T12:05:00Z' } } as IntegrationStatus;
  const listened = { counts: { ...counts, received: 2, succeeded: 0, retried: 0 }, lastEvent: goneWell.lastEvent, lastReceivedAt: '2026-03-01T11:00:00Z' } as IntegrationStatus;
  const spec = (more: Partial<IntegrationSpec> = {}) => ({ partner: 'slack', name: 'ops', paused: false, ...more }) as IntegrationSpec;
  const told = (state: ToldStanding['state'], reason?: string): ToldStanding => ({ partner: 'slack', integration: 'ops', state, reason, since: '2026-03-01T12:04:00Z' });
  const facts = { spec: spec(), told: [told('open')], status: goneWell, isTarget: true };
  const ask = async (...accounts: (typeof facts | (Omit<typeof facts, 'status'> & { status: undefined }))[]) => tellHealth({ lags: async () => all(), horizonHolder: async () => undefined, accounts: async () => accounts, held: async () => [] })();

  it.each<[state: string, hub: string, given: Partial<typeof facts>, more: object]>([
    ['ok', 'ok', {}, { lastGoodAt: '2026-03-01T12:00:00Z', words: 'Last heard of at 2026-03-01T12:00:00Z.' }],
    ['ok', 'ok', { told: [], isTarget: false, status: listened }, { lastGoodAt: '2026-03-01T11:00:00Z' }],
    ['unused', 'ok', { status: undefined as never }, { words: 'The log says nothing of it yet.' }],
    ['paused', 'ok', { spec: spec({ paused: true }), told: [] }, { words: expect.stringContaining('Paused') }],
    ['failing', 'ok', { status: goneWrong }, { since: '2026-03-01T12:00:00Z', lastGoodAt: '2026-03-01T12:00:00Z', words: expect.stringContaining('partner-refused at 2026-03-01T12:05:00Z') }],
    ['resting', 'ok', { told: [told('breaker-open', 'too many')] }, { since: '2026-03-01T12:04:00Z', words: expect.stringContaining('rests') }],
    ['resting', 'ok', { told: [told('held', 'the partner asked us to wait')] }, { words: 'It waits, because the partner asked us to wait. Its commands wait.' }],
    ['refused', 'ok', { told: [told('refused')] }, { words: expect.stringContaining('refuses our credentials') }],
    ['misconfigured', 'degraded', { told: [told('shut', 'these variables are not set: SLACK_BOT_TOKEN')] }, { words: expect.stringContaining('SLACK_BOT_TOKEN') }],
    ['unserved', 'degraded', { told: [] }, { words: expect.stringContaining('Is the connector of its partner running?') }],
    ['ok', 'ok', { told: [told('breaker-open'), told('open')] }, {}],
  ])('%s leaves the hub %s', async (state, hub, given, more) => {
    const health = await ask({ ...facts, ...given });
    expect(health).toMatchObject({ status: hub, integrations: [{ partner: 'slack', integration: 'ops', state, ...more }] });
    expect(health.integrations[0]!.words).toMatch(/^[A-Z].*[.?]$/);
  });

  it('are named in the summary, ours and theirs apart', async () => {
    const { words } = await ask({ ...facts, told: [told('breaker-open')] }, { ...facts, spec: spec({ name: 'hr' }), told: [] });
    expect(words).toBe('Look at: slack/hr (unserved). A bad day of a partner: slack/ops (resting).');
  });
});
