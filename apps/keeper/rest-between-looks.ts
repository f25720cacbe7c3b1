const REST_MS = 600_000;

/** Whose turn it is to be looked at again: a segment that is read as a whole at each look has ten minutes' rest between two. */
export type Looks = { isDue(id: number): boolean; rest(id: number): void };

/** Remembers which segments rest, by time that only ever passes. */
export const restBetweenLooks = (monotonicMs: () => number): Looks => {
  const dueAt = new Map<number, number>();
  return {
    isDue: (id) => monotonicMs() >= (dueAt.get(id) ?? -Infinity),
    rest: (id) => void dueAt.set(id, monotonicMs() + REST_MS),
  };
};
