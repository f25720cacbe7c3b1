import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fromDebian } from '#embedded';

const runs = (path: string): boolean => spawnSync(path, ['--version'], { stdio: 'ignore' }).status === 0;

/** Prometheus' own test program: the one on PATH, else that of Debian's package, kept in `cacheDir`. Rejects when neither can be had. */
export const findPromtool = async (cacheDir: string): Promise<string> => {
  if (runs('promtool')) return 'promtool';
  const path = join(cacheDir, 'promtool-debian');
  if (!existsSync(path)) {
    await mkdir(cacheDir, { recursive: true });
    await fromDebian({ package: 'prometheus', program: 'promtool' }, cacheDir, path);
  }
  if (!runs(path)) throw new Error(`${path} does not run on this machine`);
  return path;
};
