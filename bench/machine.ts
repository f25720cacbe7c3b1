import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { median } from './figures.ts';

/** Where figures come from: without it they mean nothing. */
export type Machine = {
  cpu: string;
  cores: number;
  memoryGB: number;
  system: string;
  node: string;
  /** Median time to write 8 kB and have it on the disk, in ms. */
  fsyncMs: number;
  /** Processes that wanted a core over the minute before; more than a little means that others were at work. */
  loadBefore: number;
};

const FSYNCS = 200;

const measureFsync = async (folder: string): Promise<number> => {
  const file = join(folder, 'fsync');
  const block = Buffer.alloc(8_192, 1);
  const handle = openSync(file, 'w');
  const times = Array.from({ length: FSYNCS }, () => {
    const began = performance.now();
    writeSync(handle, block);
    fdatasyncSync(handle);
    return performance.now() - began;
  });
  closeSync(handle);
  await rm(file);
  return median(times);
};

const round = (value: number, digits: number): number => Number(value.toFixed(digits));

/** Looks at the machine, and at the disk below `folder`. */
export const describeMachine = async (folder: string): Promise<Machine> => ({
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores: availableParallelism(),
  memoryGB: round(totalmem() / 2 ** 30, 1),
  system: `${type()} ${release()}`,
  node: process.version,
  fsyncMs: round(await measureFsync(folder), 3),
  loadBefore: round(loadavg()[0]!, 2),
});
