import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runTool } from './run-tool.ts';

/** Settings that let apt keep its lists in a folder of ours, which needs no root and leaves the system's lists alone. */
const ownLists = (work: string): string[] => [
  '-o', `Dir::State=${work}/state`, '-o', `Dir::Cache=${work}/cache`,
  '-o', 'Dir::State::status=/var/lib/dpkg/status', '-o', 'APT::Sandbox::User=',
];

const download = async (work: string): Promise<void> => {
  const options = ['-q', '-o', 'APT::Sandbox::User='];
  try {
    await runTool('apt-get', [...options, 'download', 'nats-server'], { cwd: work });
  } catch {
    await Promise.all(['state/lists/partial', 'cache/archives/partial'].map((path) => mkdir(join(work, path), { recursive: true })));
    await runTool('apt-get', ['-q', ...ownLists(work), 'update'], { cwd: work });
    await runTool('apt-get', ['-q', ...ownLists(work), 'download', 'nats-server'], { cwd: work });
  }
};

/** Puts the program of Debian's or Ubuntu's own package at `target`; apt checks its signature. Needs no root, installs nothing. */
export const natsFromDebian = async (folder: string, target: string): Promise<void> => {
  const work = await mkdtemp(join(folder, 'debian-'));
  try {
    await download(work);
    const file = (await readdir(work)).find((name) => name.endsWith('.deb'));
    if (!file) throw new Error('apt-get downloaded no package');
    await runTool('dpkg-deb', ['-x', join(work, file), join(work, 'tree')]);
    const bin = (await readdir(join(work, 'tree/usr'))).includes('bin') ? 'tree/usr/bin' : 'tree/usr/sbin';
    await rename(join(work, bin, 'nats-server'), target);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
};
