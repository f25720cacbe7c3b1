import { join } from 'node:path';
import { startHub, type Hub } from '../test/harness/hub.ts';
import { stopLater, type Bench } from './bench.ts';
import type { Parties } from './cpu-bill.ts';
import { BENCH_MANIFEST } from './manifest.ts';
import { roomEnv } from './room-env.ts';
import { startBenchNats, startBenchPostgres } from './servers.ts';

/** The whole hub, each room a process, with servers of its own. */
export type BenchHub = {
  hub: Hub;
  /** Its processes as they are now, by name: a room that was started again has another one. */
  parties(): Parties;
};

/** `name` tells hubs apart where there are several. */
type Special = { manifest?: string; env?: Record<string, string>; name?: string };

/** Starts the hub with an account that calls `receiverUrl`. */
export const startBenchHub = async (bench: Bench, receiverUrl: string, special: Special = {}): Promise<BenchHub> => {
  const postgres = await startBenchPostgres(bench);
  const nats = await startBenchNats(bench);
  const env = { ...roomEnv(bench), RECEIVER_URL: receiverUrl, ...special.env };
  const hub = stopLater(bench, await startHub({ databaseUrl: postgres.url, natsUrl: nats.url, manifest: special.manifest ?? BENCH_MANIFEST, partners: ['http'], dir: join(bench.folder, special.name ?? 'hub'), env }));
  const rooms = (): Parties => Object.fromEntries([...hub.rooms.values()].map((room) => [room.room, room.pid()]));
  if (bench.profiles !== undefined) bench.say(`profiles by process: ${JSON.stringify(rooms())}`);
  return { hub, parties: () => ({ ...rooms(), postgres: postgres.pid, nats: nats.pid }) };
};
