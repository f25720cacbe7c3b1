import { once, type EventEmitter } from 'node:events';

type Wait = {
  /** Said when time is up: what was waited for. */
  what?: string;
  withinMs?: number;
  everyMs?: number;
};

const expired = (what: string, withinMs: number, last?: unknown) =>
  new Error(`Waited ${withinMs} ms for ${what}, in vain.`, { cause: last });

/**
 * Asks again and again until the answer is truthy, and returns it; a question that throws counts as "not yet". Rejects when
 * time is up, with the last error as its cause. For what gives no signal: prefer `waitFor.event` where there is one.
 */
const waitFor = async <T>(ask: () => T | Promise<T>, { what = 'a condition', withinMs = 20_000, everyMs = 20 }: Wait = {}): Promise<NonNullable<T>> => {
  const deadline = performance.now() + withinMs;
  let last: unknown;
  do {
    try {
      const answer = await ask();
      if (answer) return answer as NonNullable<T>;
      last = undefined;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  } while (performance.now() < deadline);
  throw expired(what, withinMs, last);
};

/** Resolves with the arguments of an emitter's next event of that name. */
waitFor.event = async (emitter: EventEmitter, name: string, { what = `the event ${name}`, withinMs = 20_000 }: Wait = {}): Promise<unknown[]> => {
  const signal = AbortSignal.timeout(withinMs);
  return once(emitter, name, { signal }).catch((error: unknown) => {
    throw signal.aborted ? expired(what, withinMs) : error;
  });
};

export { waitFor };
