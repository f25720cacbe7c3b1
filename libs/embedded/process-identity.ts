import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process that is told apart from a later one with the same number, by when it started. */
export type ProcessIdentity = { pid: number; startedAt: string };

const startedAtOnLinux = (pid: number): string | undefined => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the command in brackets, which may itself hold spaces and brackets.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z') return undefined;
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${fields[19]}`;
  } catch {
    return undefined;
  }
};

const startedAtElsewhere = (pid: number): string | undefined =>
  spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).stdout?.trim() || undefined;

/** The identity of a living process, or undefined when none has this number (a zombie counts as dead). */
export const identityOf = (pid: number): ProcessIdentity | undefined => {
  const startedAt = process.platform === 'linux' ? startedAtOnLinux(pid) : startedAtElsewhere(pid);
  return startedAt === undefined ? undefined : { pid, startedAt };
};

/** Whether that very process still runs, not another that got its number. */
export const isAlive = (who: ProcessIdentity): boolean => identityOf(who.pid)?.startedAt === who.startedAt;

/** The name of the program a process runs, or '' when there is no such process. */
export const programOf = (pid: number): string => {
  if (process.platform !== 'linux') return spawnSync('ps', ['-o', 'comm=', '-p', String(pid)], { encoding: 'utf8' }).stdout?.trim() ?? '';
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return '';
  }
};
