import { loadConfig, withValues, type ConfigSchema, type Room, type StartRoom } from '#boot';
import { actingPartners } from '#partners';
import { connectorConfig } from '../connector/connector.config.ts';
import { startConnector } from '../connector/connector.start.ts';
import { consoleConfig } from '../console/console.config.ts';
import { startConsole } from '../console/start-console.ts';
import { ingestConfig } from '../ingest/ingest.config.ts';
import { startIngest } from '../ingest/ingest.start.ts';
import { keeperConfig } from '../keeper/keeper.config.ts';
import { startKeeper } from '../keeper/keeper.start.ts';
import { notifierConfig } from '../notifier/notifier.config.ts';
import { startNotifier } from '../notifier/notifier.start.ts';
import { projectorConfig } from '../projector/projector.config.ts';
import { startProjector } from '../projector/start-projector.ts';
import { relayConfig } from '../relay/relay.config.ts';
import { startRelay } from '../relay/relay.start.ts';
import { routerConfig } from '../router/router.config.ts';
import { startRouter } from '../router/router.start.ts';
import { sandboxConfig } from '../sandbox/sandbox.config.ts';
import { startSandbox } from '../sandbox/start-sandbox.ts';
import { schedulerConfig } from '../scheduler/scheduler.config.ts';
import { startScheduler } from '../scheduler/scheduler.start.ts';

type NamedRoom = { name: string; start(env: NodeJS.ProcessEnv): Promise<Room> };

/** Rooms that are running, by name. */
export type Rooms = { urls: Record<string, string>; stop(): Promise<void> };

const room = <S extends ConfigSchema>(schema: S, start: StartRoom<S>, name = schema.name, more: NodeJS.ProcessEnv = {}): NamedRoom => ({
  name,
  start: (env) => {
    const own = { ...env, ...more };
    return start(loadConfig(schema, own), own);
  },
});

const connectors = actingPartners.map((name) => room(connectorConfig, startConnector, `connector-${name}`, { CONNECTOR_PARTNER: name }));

/** In the order of a message's way. They stop in this order too, so that each drains what the one before it let through. */
const ROOMS: NamedRoom[] = [
  room(ingestConfig, startIngest),
  room(schedulerConfig, startScheduler),
  room(relayConfig, startRelay),
  room(routerConfig, startRouter),
  ...connectors,
  room(projectorConfig, startProjector),
  room(keeperConfig, startKeeper),
  room(consoleConfig, startConsole),
  room(notifierConfig, startNotifier),
  room(sandboxConfig, (config) => startSandbox(config)),
];

const stopInTurn = async (running: Room[]): Promise<void> => {
  for (const one of running) await one.stop();
};

/** Starts every room in this process; `natsUrlOf` gives a room, by its name, where NATS lets it in. When one fails, the others are stopped again and its error is thrown. */
export const startRooms = async (env: NodeJS.ProcessEnv, natsUrlOf: (room: string) => string): Promise<Rooms> => {
  const start = (one: NamedRoom): Promise<Room> => one.start(withValues(env, { NATS_URL: natsUrlOf(one.name) }));
  // The relay makes the streams that others ask for.
  const relay = ROOMS.find((one) => one.name === 'relay')!;
  const relaying = start(relay);
  await relaying.catch(() => undefined);
  const results = await Promise.allSettled(ROOMS.map((one) => (one === relay ? relaying : start(one))));
  const running = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) {
    await stopInTurn(running);
    throw failed.reason;
  }
  return {
    urls: Object.fromEntries(ROOMS.map(({ name }, index) => [name, running[index]!.url ?? ''])),
    stop: () => stopInTurn(running),
  };
};
