/** Two looks this close to each other say the same. */
const TOLERATED_MS = 50;

/** Time of day, as Postgres has it: the one clock that all rooms share. */
export type HubClock = {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Takes over what Postgres answered as its time to a question that was asked at `askedAt`, on the steady clock. */
  set(postgresMs: number, askedAt: number): void;
};

/**
 * Between two answers of Postgres it moves on with `steady`, which nobody can set, so a machine whose clock jumps or is wrong
 * neither lets a deadline pass nor holds a wait for ever. Until the first answer it is the machine's.
 */
export const createHubClock = (machineMs: number, steady: () => number): HubClock => {
  let offset = machineMs - steady();
  return {
    now: () => steady() + offset,
    set: (postgresMs, askedAt) => {
      const took = steady() - askedAt;
      const next = postgresMs - (askedAt + took / 2);
      if (Math.abs(next - offset) > took / 2 + TOLERATED_MS) offset = next;
    },
  };
};
