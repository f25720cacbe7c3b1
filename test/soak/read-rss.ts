import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

const KIB = 1_024;

const fromProc = async (pid: number): Promise<number | undefined> => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kib = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]);
  return Number.isNaN(kib) ? undefined : kib * KIB;
};

const fromPs = async (pid: number): Promise<number | undefined> => {
  const { stdout } = await run('ps', ['-o', 'rss=', '-p', String(pid)]).catch(() => ({ stdout: '' }));
  return stdout.trim() === '' ? undefined : Number(stdout) * KIB;
};

/** A process's resident memory in bytes, from /proc or, where there is none, from ps; undefined when the process is gone. */
export const readRss = async (pid: number): Promise<number | undefined> => (await fromProc(pid)) ?? fromPs(pid);
