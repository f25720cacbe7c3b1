import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** `bench/baselines`, seen from `dist/bench`. */
const FOLDER = new URL('../../bench/baselines/', import.meta.url);

type Lock = { packages: Record<string, { version?: string; optional?: boolean }> };

const readLock = async (name: string): Promise<Lock['packages'] | undefined> =>
  readFile(new URL(name, FOLDER), 'utf8').then((text) => (JSON.parse(text) as Lock).packages, () => undefined);

const isInstalled = async (): Promise<boolean> => {
  const [wanted, present] = [await readLock('package-lock.json'), await readLock('node_modules/.package-lock.json')];
  if (wanted === undefined || present === undefined) return false;
  return Object.entries(wanted).every(([path, { version, optional }]) => path === '' || optional === true || present[path]?.version === version);
};

/** Installs what the baselines need when it is not there in the lockfile's versions. Runs no package's scripts. */
export const installBaselines = async (say: (line: string) => void): Promise<void> => {
  if (await isInstalled()) return;
  say('installing the baselines\' packages with npm ci (24 MB, the first time only)');
  const install = run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: FOLDER, shell: process.platform === 'win32' });
  await install.catch((cause: { stderr?: string; message: string }) => {
    const complaints = (cause.stderr ?? '').split('\n').filter((line) => /^npm error (?!code)\S/.test(line)).slice(0, 2).map((line) => line.slice('npm error '.length));
    throw new Error(`npm ci in bench/baselines failed: ${complaints.join(' ') || cause.message.split('\n')[0]}`, { cause });
  });
};

/** A baseline's program. */
export const baseline = (name: 'endpoint' | 'worker'): URL => new URL(`${name}.mjs`, FOLDER);

/** The versions that the baselines run in, for the results. */
export const baselineVersions = async (): Promise<Record<string, string>> => {
  const { dependencies } = JSON.parse(await readFile(new URL('package.json', FOLDER), 'utf8')) as { dependencies: Record<string, string> };
  return dependencies;
};
