const CELLS = 24;

/** How far something is, for a line that a person watches: a bar on a terminal, `312 of 600` alone elsewhere. */
export const showBar = (done: number, total: number, isTTY: boolean): string => {
  const shown = Math.min(done, total);
  const numbers = `${shown} of ${total}`;
  if (!isTTY) return numbers;
  const filled = total === 0 ? CELLS : Math.floor((shown / total) * CELLS);
  return `${'█'.repeat(filled)}${'░'.repeat(CELLS - filled)} ${numbers}`;
};

/** Passes on the first call, and then at most one per interval: a terminal is redrawn often, plain lines are few. */
export const sparingly = (say: (detail: string) => void, isTTY: boolean, now: () => number): ((detail: () => string) => void) => {
  let nextMs = Number.NEGATIVE_INFINITY;
  return (detail) => {
    if (now() < nextMs) return;
    nextMs = now() + (isTTY ? 80 : 2_000);
    say(detail());
  };
};
