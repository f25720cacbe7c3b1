const signal = (pids: readonly number[], name: 'SIGSTOP' | 'SIGCONT'): void => {
  for (const pid of pids) {
    try {
      process.kill(pid, name);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
};

/**
 * Lets contenders that all have work share the machine in slices of so many ms: the processes of one go on while those of the others
 * are stopped, and so in turn, until the work is done; then all go on. What the machine gives changes from one second to the next;
 * in slices it gives the same to all.
 */
export const takeSlices = async <T>(contenders: readonly (readonly number[])[], sliceMs: number, work: () => Promise<T>): Promise<T> => {
  let turn = 0;
  const swap = (): void => {
    const runs = contenders[turn++ % contenders.length]!;
    for (const contender of contenders) if (contender !== runs) signal(contender, 'SIGSTOP');
    signal(runs, 'SIGCONT');
  };
  swap();
  const timer = setInterval(swap, sliceMs);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    for (const contender of contenders) signal(contender, 'SIGCONT');
  }
};
