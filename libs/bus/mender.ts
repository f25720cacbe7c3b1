/** How long after a mending that failed the next one is tried. */
const AGAIN_MS = 500;

export type Mender = {
  /** Mends after so many ms, unless that is under way already. */
  mendIn(ms: number): void;
  mending(): boolean;
  stop(): void;
};

type Needs = { mend(): Promise<void>; mended(): void; onError(error: unknown): void };

/** Mends one thing at a time, again and again until it holds. */
export const startMender = (needs: Needs): Mender => {
  let timer: NodeJS.Timeout | undefined;
  let mending = false;
  let stopped = false;

  const mend = async (): Promise<void> => {
    try {
      await needs.mend();
      mending = false;
      if (!stopped) needs.mended();
    } catch (error) {
      mending = false;
      needs.onError(error);
      mendIn(AGAIN_MS);
    }
  };
  const mendIn = (ms: number): void => {
    if (mending || stopped) return;
    mending = true;
    timer = setTimeout(() => void mend(), ms);
  };
  return {
    mendIn,
    mending: () => mending,
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
};
