import { rm } from 'node:fs/promises';
import { startPostgres } from '#embedded';
import type { TestProject } from 'vitest/node';
import { TEST_SETTINGS } from './test-postgres.ts';
import { scratchFolder, sweepScratch } from './scratch-folder.ts';

/** Starts the one Postgres of a test run, and stops what killed runs left behind. */
export default async (project: TestProject): Promise<() => Promise<void>> => {
  await sweepScratch();
  const dir = await scratchFolder('postgres');
  const postgres = await startPostgres({ dir, settings: TEST_SETTINGS });
  project.provide('postgresUrl', postgres.url);
  return async () => {
    await postgres.stop();
    await rm(dir, { recursive: true, force: true });
  };
};
