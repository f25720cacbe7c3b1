import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Bench } from './bench.ts';
import { BENCH_MANIFEST } from './manifest.ts';

const run = promisify(execFile);
const CLI = new URL('../apps/cli/main.js', import.meta.url).pathname;

/** Migrates a fresh database and puts the benchmark's manifest in force, as an operator would. */
export const prepareDatabase = async (bench: Bench, databaseUrl: string): Promise<void> => {
  const file = join(bench.folder, 'trunkline.yaml');
  await writeFile(file, BENCH_MANIFEST);
  for (const args of [['migrate'], ['apply', file]]) {
    await run(process.execPath, [CLI, ...args], { env: { PATH: process.env['PATH'], DATABASE_URL: databaseUrl } });
  }
};
