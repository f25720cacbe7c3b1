/** The first signal that asks this process to stop, and the abort that follows from it. */
export type StopAsked = { signal: Promise<NodeJS.Signals>; stop: AbortSignal };

/** Watches for SIGTERM, SIGINT (Ctrl-C) and SIGHUP (a closed terminal). A second one ends the process at once, with code 130: a person does not want to wait. */
export const askedToStop = (): StopAsked => {
  const asked = new AbortController();
  const signal = new Promise<NodeJS.Signals>((resolve) => {
    for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
      process.on(name, () => {
        if (asked.signal.aborted) process.exit(130);
        asked.abort(new Error(`asked to stop by ${name}`));
        resolve(name);
      });
    }
  });
  return { signal, stop: asked.signal };
};

/** Whether some work ended within so many milliseconds. It goes on when not. */
export const endsWithin = async (ms: number, work: Promise<unknown>): Promise<boolean> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(false), ms)));
  return Promise.race([work.then(() => true), late]).finally(() => clearTimeout(timer));
};

/** What `work` comes to, unless `stop` is aborted first: then it rejects with the reason at once, and the work is left to itself. */
export const orStopped = <T>(work: Promise<T>, stop: AbortSignal): Promise<T> =>
  new Promise((resolve, reject) => {
    const leave = (): void => reject(stop.reason as Error);
    if (stop.aborted) leave();
    stop.addEventListener('abort', leave, { once: true });
    work.then(resolve, reject).finally(() => stop.removeEventListener('abort', leave));
  });
