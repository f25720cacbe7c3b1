import { expect, it } from 'vitest';
import { loadConfig } from '#boot';
import type { Database } from '#event-log';
import { createLogger } from '#telemetry';
import { notifierConfig } from './notifier.config.ts';
import { openNotifier } from './open-notifier.ts';

it('without a channel looks at nothing, says so once, and is ready', async () => {
  const lines: string[] = [];
  const asked: string[] = [];
  const db = new Proxy({}, { get: (_target, name) => asked.push(String(name)) }) as Database;
  const config = loadConfig(notifierConfig, { DATABASE_URL: 'postgres://none' });
  const logger = createLogger('notifier', { destination: { write: (line: string) => void lines.push(line) } });
  const notifier = openNotifier({ db, log: { manifests: async () => [] }, bus: () => undefined, channels: [], config, logger, now: () => ({ at: 0, steady: 0 }), machineNow: () => 0 });
  notifier.start();
  expect(Object.entries(notifier.checks()).map(([name, check]) => [name, check()])).toEqual([['looks', true]]);
  await notifier.stop();
  expect(lines.map((line) => JSON.parse(line).msg)).toEqual(['no channel is configured, so the notifier tells nobody of anything (see docs/notifications.md)']);
  expect(asked).toEqual([]);
});
