/** How long to wait before the next attempt: exponential with full jitter. `random` gives 0 ≤ x < 1. */
export const fullJitterMs = (attempt: number, limits: { baseMs: number; capMs: number }, random: () => number): number =>
  Math.round(random() * Math.min(limits.capMs, limits.baseMs * 2 ** Math.min(attempt - 1, 30)));
