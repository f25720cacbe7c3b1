import type { RelayMemory } from './relay-memory.ts';

type Needs = {
  save(memory: RelayMemory): Promise<void>;
  onError(error: unknown): void;
};

export type PositionKeeper = {
  memory(): RelayMemory;
  /** Written within `everyMs`: after a crash the relay repeats that much, and twins are known downstream. */
  remember(memory: RelayMemory): void;
  /** On disk when it returns. */
  rememberNow(memory: RelayMemory): Promise<void>;
  stop(): Promise<void>;
};

/** Holds what the relay remembers and writes it in the background, so that a batch does not wait for a second commit. */
export const keepPosition = (needs: Needs, initial: RelayMemory, everyMs = 200): PositionKeeper => {
  let memory = initial;
  let saved = initial;
  let saving: Promise<void> = Promise.resolve();

  const save = (): Promise<void> => {
    saving = saving.catch(() => undefined).then(async () => {
      const current = memory;
      if (current === saved) return;
      await needs.save(current);
      saved = current;
    });
    return saving;
  };
  const timer = setInterval(() => void save().catch(needs.onError), everyMs);
  return {
    memory: () => memory,
    remember: (next) => {
      memory = next;
    },
    rememberNow: (next) => {
      memory = next;
      return save();
    },
    stop: async () => {
      clearInterval(timer);
      await save().catch(needs.onError);
    },
  };
};
