import { expect, it } from 'vitest';
import { HubError } from '#contract';
import { tellHealth } from './tell-health.flow.ts';

const lag = (reader: string, behind = 0, behindS = 0) => ({ reader, at: '1.1', behind, behindS, movedAt: '2026-03-01T00:00:00Z' });
const all = (relay = lag('relay')) => [relay, lag('projection:event-feed'), lag('projection:deliveries'), lag('projection:integration-status'), lag('projection:account-calls')];
const holder = { pid: 7, application: 'report', state: 'idle in transaction', openS: 90, query: 'select 1' };

it('is well when every reader has taken every event', async () => {
  expect(await tellHealth({ lags: async () => all(), horizonHolder: async () => undefined })()).toMatchObject({ status: 'ok', words: 'All is well.' });
});

it('names the reader that is behind, and who holds it back', async () => {
  const health = await tellHealth({ lags: async () => all(lag('relay', 10_001, 61.4)), horizonHolder: async () => holder })();
  expect(health).toMatchObject({ status: 'degraded', words: 'Look at: relay, transactions.' });
  expect(health.parts.find((part) => part.name === 'relay')).toMatchObject({
    words: 'more than 10000 events wait to be taken, the oldest for 61 s. Is the relay running, and does NATS answer it?',
  });
});

it('tells of a reader that never ran', async () => {
  const health = await tellHealth({ lags: async () => all().slice(1), horizonHolder: async () => undefined })();
  expect(health).toMatchObject({ status: 'degraded', words: 'Look at: relay.' });
});

it('is down while the log is away', async () => {
  const away = () => Promise.reject(new HubError('log-unavailable', 'The database cannot be read now.'));
  expect(await tellHealth({ lags: away, horizonHolder: async () => undefined })()).toMatchObject({ status: 'down', parts: [{ name: 'log', status: 'down' }] });
});
