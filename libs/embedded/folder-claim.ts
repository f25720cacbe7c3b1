import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { HubError } from '#contract';
import { identityOf, isAlive, programOf, type ProcessIdentity } from './process-identity.ts';

/** Who runs the server of a folder, kept in `<folder>/owner.json` so that a next start can tell a neighbour from a leftover. */
type Claim = { owner: ProcessIdentity; server?: ProcessIdentity };

const fileOf = (dir: string) => join(dir, 'owner.json');

const isIdentity = (value: unknown): value is ProcessIdentity =>
  typeof value === 'object' && value !== null && 'pid' in value && 'startedAt' in value;

const readClaim = async (dir: string): Promise<Claim | undefined> => {
  try {
    const claim: unknown = JSON.parse(await readFile(fileOf(dir), 'utf8'));
    return typeof claim === 'object' && claim !== null && 'owner' in claim && isIdentity(claim.owner) ? (claim as Claim) : undefined;
  } catch {
    return undefined; // no claim, or one cut short by a crash: both mean that nobody can be asked
  }
};

const writeClaim = async (dir: string, claim: Claim): Promise<void> => {
  await writeFile(`${fileOf(dir)}.new`, JSON.stringify(claim));
  await rename(`${fileOf(dir)}.new`, fileOf(dir));
};

const signal = (who: ProcessIdentity, name: NodeJS.Signals): void => {
  if (isAlive(who)) process.kill(who.pid, name);
};

/** Stops a server that its dead owner left behind: gently at first, by force after 10 s. */
const stopLeftover = async (server: ProcessIdentity): Promise<void> => {
  for (const [name, boundMs] of [['SIGINT', 10_000], ['SIGKILL', 5_000]] as const) {
    signal(server, name);
    const deadline = performance.now() + boundMs;
    while (isAlive(server) && performance.now() < deadline) await delay(20);
  }
};

/** Stops what a dead owner left running in this folder; harmless when nothing was. */
export const stopAbandoned = async (dir: string): Promise<void> => {
  const claim = await readClaim(dir);
  if (claim?.server && !isAlive(claim.owner)) await stopLeftover(claim.server);
};

/**
 * Stops the server that a pid file names, for a folder that is ours by now: then it is a leftover whose start went
 * unrecorded. A number that went to another program would keep a server from starting: only then is the file removed.
 */
export const clearPidFile = async (file: string, program: string): Promise<void> => {
  const pid = Number.parseInt(await readFile(file, 'utf8').catch(() => ''), 10);
  const holder = pid > 0 ? identityOf(pid) : undefined;
  if (!holder) return;
  if (programOf(pid).includes(program)) return stopLeftover(holder);
  await rm(file, { force: true });
};

/**
 * Makes this process the owner of a server's folder. A leftover of a killed owner is stopped first.
 * Throws `folder-in-use` while another living process owns it, or this one already runs a server there.
 */
export const claimFolder = async (dir: string, onLog: (line: string) => void = () => undefined): Promise<void> => {
  await mkdir(dir, { recursive: true });
  const claim = await readClaim(dir);
  const me = identityOf(process.pid)!;
  const mine = claim?.owner.pid === me.pid && claim.owner.startedAt === me.startedAt;
  if (claim && isAlive(claim.owner) && (!mine || (claim.server && isAlive(claim.server)))) {
    throw new HubError('folder-in-use', `${dir} is in use by process ${claim.owner.pid}. Stop that one first, or use another data folder.`);
  }
  if (claim?.server && isAlive(claim.server)) {
    onLog(`stopping process ${claim.server.pid}, left over from a run that was killed`);
    await stopLeftover(claim.server);
  }
  await writeClaim(dir, { owner: me });
};

/** Records the server that now runs in a folder this process has claimed. */
export const recordServer = async (dir: string, pid: number): Promise<void> => {
  const server = identityOf(pid);
  await writeClaim(dir, { owner: identityOf(process.pid)!, ...(server && { server }) });
};

/** Gives a folder back once its server has stopped, so that another process may use it at once. */
const releaseFolder = (dir: string): Promise<void> => rm(fileOf(dir), { force: true });

/** A running server whose folder is given back when it is stopped. */
export const releasing = <T extends { stop(): Promise<void> }>(server: T, dir: string): T => ({
  ...server,
  stop: async () => {
    await server.stop();
    await releaseFolder(dir);
  },
});
