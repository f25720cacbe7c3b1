export type Chore = {
  /** The first round begins at once. */
  start(): void;
  /** No round begins any more; the one at hand is finished. */
  stop(): Promise<void>;
  /** Whether the last round went well. */
  ready(): boolean;
};

type Needs = {
  round(): Promise<void>;
  /** Resolves after so many ms; rejects when the signal is aborted. */
  sleep(ms: number, stop: AbortSignal): Promise<unknown>;
  /** Rest between the end of a round and the start of the next. */
  everyMs: number;
  onError(error: unknown): void;
};

/** Does a chore again and again, never twice at once; a round that fails is reported, and the next one comes all the same. */
export const openChore = ({ round, sleep, everyMs, onError }: Needs): Chore => {
  const stopping = new AbortController();
  let running: Promise<void> = Promise.resolve();
  let ready = false;

  const attempt = async (): Promise<void> => {
    try {
      await round();
      ready = true;
    } catch (error) {
      ready = false;
      onError(error);
    }
  };
  const repeat = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await attempt();
      await sleep(everyMs, stopping.signal).catch(() => undefined);
    }
  };
  return {
    start: () => {
      running = repeat();
    },
    stop: async () => {
      stopping.abort();
      await running;
    },
    ready: () => ready,
  };
};
