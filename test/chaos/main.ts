import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { cacheFolder, findNatsServer, freePort, startNats, startPostgres } from '#embedded';
import { seededRandom } from '../../apps/sandbox/seeded-random.ts';
import { startHub } from '../harness/hub.ts';
import { NATS_ACCESS } from '../harness/nats-access.ts';
import { HARNESS_MANIFEST, HARNESS_PARTNERS } from '../harness/traffic.ts';
import { CHAOS_ENV, killRooms } from './kill-rooms.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const usage = 'npm run chaos [-- --kills 100 --seed 1]: kills every room in turn under load and counts what was lost or doubled.';

const readOptions = (): { kills: number; seed: number } => {
  const { values } = parseArgs({ options: { kills: { type: 'string', default: '100' }, seed: { type: 'string', default: '1' }, help: { type: 'boolean' } } });
  const [kills, seed] = [Number(values.kills), Number(values.seed)];
  if (values.help || !Number.isInteger(kills) || kills < 1 || kills > 1_000 || !Number.isInteger(seed)) {
    say(usage);
    process.exit(values.help ? 0 : 2);
  }
  return { kills, seed };
};

const startServers = async (dir: string) => {
  say('starting Postgres and NATS');
  const postgres = await startPostgres({ dir: join(dir, 'postgres') });
  const server = await findNatsServer({ cacheDir: cacheFolder(process.env), path: process.env['PATH'] });
  const nats = await startNats({ dir: join(dir, 'nats'), port: await freePort(), server, config: NATS_ACCESS });
  return { postgres, nats, server };
};

const { kills, seed } = readOptions();
const dir = await mkdtemp(join(tmpdir(), 'trunkline-chaos-'));
await chmod(dir, 0o755);
const { postgres, nats, server } = await startServers(dir);
say(`starting every room as a process of its own (nats-server ${server.version})`);
const hub = await startHub({ databaseUrl: postgres.url, natsUrl: nats.url, manifest: HARNESS_MANIFEST, partners: HARNESS_PARTNERS, dir, env: CHAOS_ENV });
let code = 1;
try {
  const onKill = (done: number, room: string, accepted: number): void => say(`${String(done).padStart(4)}/${kills}  killed ${room.padEnd(17)} ${accepted} webhooks accepted so far`);
  const tally = await killRooms(hub, { kills, random: seededRandom(seed), onKill });
  say(JSON.stringify({ kills, seed, nats: server.version, ...tally }));
  say(`${tally.accepted} accepted, ${tally.lost} lost, ${tally.doubled} doubled`);
  code = tally.lost + tally.doubled === 0 ? 0 : 1;
} finally {
  await hub.stop();
  await Promise.all([nats.stop(), postgres.stop()]);
  if (code === 0) await rm(dir, { recursive: true, force: true });
  else say(`The rooms' logs are in ${dir}.`);
}
process.exit(code);
