import { loadConfig, type Room } from '#boot';
import { migrate } from '#event-log';
import { freshDatabase, startTestNats, TEST_MASTER_KEYS, waitFor } from '#testkit';
import { expect, it, onTestFinished } from 'vitest';
import { keeperConfig } from './keeper.config.ts';
import { startKeeper } from './keeper.start.ts';

const started = async (): Promise<Room> => {
  const [server, nats] = await Promise.all([freshDatabase(), startTestNats()]);
  onTestFinished(() => Promise.all([server.drop(), nats.stop()]).then(() => undefined));
  await migrate(server.url);
  const env = { MASTER_KEYS: TEST_MASTER_KEYS, DATABASE_URL: server.url, NATS_URL: nats.url, KEEPER_HEALTH_PORT: '0', LOG_LEVEL: 'silent' };
  return startKeeper(loadConfig(keeperConfig, env), env);
};

it('is ready while the log and the bus are there, and stops', async () => {
  const room = await started();
  await waitFor(async () => (await fetch(`${room.url}/health/ready`)).ok, { what: 'the keeper to be ready' });
  await room.stop();
  await expect(fetch(`${room.url}/health/live`)).rejects.toThrow('fetch failed');
});
