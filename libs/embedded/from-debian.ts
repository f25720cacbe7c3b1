import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runTool } from './run-tool.ts';

/** Settings that let apt keep its lists in a folder of ours, which needs no root and leaves the system's lists alone. */
const ownLists = (work: string): string[] => [
  '-o', `Dir::State=${work}/state`, '-o', `Dir::Cache=${work}/cache`,
  '-o', 'Dir::State::status=/var/lib/dpkg/status', '-o', 'APT::Sandbox::User=',
];

const download = async (name: string, work: string): Promise<void> => {
  const options = ['-q', '-o', 'APT::Sandbox::User='];
  try {
    await runTool('apt-get', [...options, 'download', name], { cwd: work });
  } catch {
    await Promise.all(['state/lists/partial', 'cache/archives/partial'].map((path) => mkdir(join(work, path), { recursive: true })));
    await runTool('apt-get', ['-q', ...ownLists(work), 'update'], { cwd: work });
    await runTool('apt-get', ['-q', ...ownLists(work), 'download', name], { cwd: work });
  }
};

/** A package of Debian's, and the program in it that is wanted. */
export type DebianProgram = { package: string; program: string };

/** Puts a program of Debian's or Ubuntu's own packages at `target`, by way of `folder`; apt checks its signature. Needs no root, installs nothing. */
export const fromDebian = async (wanted: DebianProgram, folder: string, target: string): Promise<void> => {
  const work = await mkdtemp(join(folder, 'debian-'));
  try {
    await download(wanted.package, work);
    const file = (await readdir(work)).find((name) => name.endsWith('.deb'));
    if (!file) throw new Error('apt-get downloaded no package');
    await runTool('dpkg-deb', ['-x', join(work, file), join(work, 'tree')]);
    const bin = (await readdir(join(work, 'tree/usr'))).includes('bin') ? 'tree/usr/bin' : 'tree/usr/sbin';
    await rename(join(work, bin, wanted.program), target);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
};
