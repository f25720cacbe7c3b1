import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HubError } from '#contract';

/** What a running hub tells other programs of this machine, in `<data folder>/running.json`, readable by its owner only. */
export type Running = { pid: number; ingestUrl: string; consoleUrl: string; sandboxUrl: string; databaseUrl: string; natsUrl: string };

const fileIn = (dataDir: string): string => join(dataDir, 'running.json');

export const writeRunning = (dataDir: string, running: Running): Promise<void> =>
  writeFile(fileIn(dataDir), `${JSON.stringify(running, null, 2)}\n`, { mode: 0o600 });

export const removeRunning = (dataDir: string): Promise<void> => rm(fileIn(dataDir), { force: true });

/** Throws `log-unavailable` when no hub runs over this folder. */
export const readRunning = async (dataDir: string): Promise<Running> => {
  try {
    return JSON.parse(await readFile(fileIn(dataDir), 'utf8')) as Running;
  } catch (cause) {
    throw new HubError('not-ready', `Nothing runs over ${dataDir}. Start it with: npm start`, { cause });
  }
};
