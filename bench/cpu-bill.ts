import { availableParallelism } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { cpuSeconds } from './processes.ts';

/** Processes by the name that the table calls them. */
export type Parties = Record<string, number>;

/** Seconds on a core by party, within so many seconds. */
export type CpuBill = { elapsedS: number; seconds: Record<string, number> };

const meter = (parties: Parties): Record<string, number> => Object.fromEntries(Object.entries(parties).map(([name, pid]) => [name, cpuSeconds(pid)]));

/** Runs some work and tells what each party spent on it. */
export const billed = async <T>(parties: Parties, work: () => Promise<T>): Promise<{ result: T; bill: CpuBill }> => {
  const before = meter(parties);
  const began = performance.now();
  const result = await work();
  const elapsedS = (performance.now() - began) / 1_000;
  const after = meter(parties);
  return { result, bill: { elapsedS, seconds: Object.fromEntries(Object.keys(parties).map((name) => [name, Math.max(0, after[name]! - before[name]!)])) } };
};

/** What bounds a rate, in words: how full the machine is, and how much of a core each party takes, in all and per item. */
export const explainBill = ({ elapsedS, seconds }: CpuBill, items: number): string => {
  const parties = Object.entries(seconds).filter(([, s]) => s > 0).sort(([, a], [, b]) => b - a);
  if (parties.length === 0) return 'what each process spent cannot be read on this system';
  const total = parties.reduce((sum, [, s]) => sum + s, 0);
  const shares = parties.map(([name, s]) => `${name} ${Math.round((s / items) * 1e6)} (${Math.round((s / elapsedS) * 100)} %)`);
  return `${(total / elapsedS).toFixed(2)} of ${availableParallelism()} cores busy. Each one takes, in µs and of one core: ${shares.join(', ')}`;
};

/** Waits until these parties have next to nothing left to do, at most `withinMs`; answers how long that took, in ms. */
export const untilQuiet = async (parties: Parties, withinMs = 60_000): Promise<number> => {
  const began = performance.now();
  const spent = (): number => Object.values(meter(parties)).reduce((sum, one) => sum + one, 0);
  for (let before = spent(); performance.now() - began < withinMs; ) {
    await pause(300);
    const now = spent();
    if (now - before <= 0.03) break;
    before = now;
  }
  return performance.now() - began;
};
