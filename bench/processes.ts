import { readdirSync, readFileSync } from 'node:fs';

/** What Linux tells of processes in /proc. Elsewhere there is nothing to read, and figures go without it. */

const TICKS_PER_SECOND = 100;

/** The fields of /proc/<pid>/stat after the program's name, which may hold anything: the first is the state. */
const statOf = (pid: number | string): string[] | undefined => {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
};

const childrenOf = (pid: number): string[] => {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && statOf(name)?.[1] === String(pid));
  } catch {
    return [];
  }
};

/** Seconds on a core: user and system, its own and of children that have ended. */
const ownCpuS = (pid: number | string): number => (statOf(pid)?.slice(11, 15) ?? []).reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS_PER_SECOND;

/** Seconds on a core of a process and its children, as Postgres has them; 0 where it cannot be known. */
export const cpuSeconds = (pid: number): number => [pid, ...childrenOf(pid)].reduce((sum: number, one) => sum + ownCpuS(one), 0);

/** Resident memory of one process in MB; undefined where it cannot be known. */
export const residentMB = (pid: number): number | undefined => {
  try {
    const kB = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
    return kB === undefined ? undefined : Number(kB) / 1_024;
  } catch {
    return undefined;
  }
};
