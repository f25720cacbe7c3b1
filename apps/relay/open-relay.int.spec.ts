import { setTimeout as pause } from 'node:timers/promises';
import { connectBus, openPublisher } from '#bus';
import { loadConfig } from '#boot';
import { migrate, openDatabase, openEventLog } from '#event-log';
import { createLogger } from '#telemetry';
import { freshDatabase, startTestNats } from '#testkit';
import { expect, it, onTestFinished } from 'vitest';
import { openRelay } from './open-relay.ts';
import { relayConfig } from './relay.config.ts';

it('stops while it still begins, and leaves nothing running', async () => {
  const [server, nats] = await Promise.all([freshDatabase(), startTestNats()]);
  onTestFinished(() => Promise.all([server.drop(), nats.stop()]).then(() => undefined));
  await migrate(server.url);
  const config = loadConfig(relayConfig, { DATABASE_URL: server.url, NATS_URL: nats.url });
  const db = openDatabase({ url: server.url, applicationName: 'spec' });
  const log = openEventLog(db);
  const bus = await connectBus({ url: nats.url, name: 'spec' });
  const publisher = openPublisher(bus);
  const logger = createLogger('relay', { level: 'silent' });
  const complaints: unknown[] = [];
  logger.warn = ((about: unknown) => void complaints.push(about)) as typeof logger.warn;

  const relay = await openRelay({ db, log, bus, publisher, partners: ['slack'], config, logger });
  await relay.start();
  await relay.stop();
  publisher.close();
  log.close();
  await Promise.all([bus.close(), db.close()]);
  await pause(0);
  expect(complaints).toEqual([]);
});
