import type { Projection } from '#read-models';

type Needs = {
  projections: readonly Projection[];
  /** Begins a round; what it answers takes a projection's next events, at most `chunkSize`, and returns how many there were. */
  beginRound(): (projection: Projection) => Promise<number>;
  chunkSize: number;
  onError(error: unknown, projection: Projection): void;
  now(): number;
};

/** `more`: a projection has more to take at once. `resting`: how many failed and are left alone for a while. */
export type Round = { more: boolean; resting: number };

export type ProjectEvents = () => Promise<Round>;

const FIRST_REST_MS = 250;
const LONGEST_REST_MS = 10_000;

/**
 * Takes one chunk into each projection, in turn.
 * A projection that fails is reported and left alone for a growing while; it holds no other one up, and loses nothing.
 */
export const projectEvents = (needs: Needs): ProjectEvents => {
  const resting = new Map<Projection, { failures: number; until: number }>();

  const rest = (projection: Projection, error: unknown): void => {
    const failures = (resting.get(projection)?.failures ?? 0) + 1;
    const restMs = Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** (failures - 1));
    resting.set(projection, { failures, until: needs.now() + restMs });
    needs.onError(error, projection);
  };

  const take = async (projection: Projection, takeChunk: (projection: Projection) => Promise<number>): Promise<boolean> => {
    if ((resting.get(projection)?.until ?? 0) > needs.now()) return false;
    try {
      const taken = await takeChunk(projection);
      resting.delete(projection);
      return taken === needs.chunkSize;
    } catch (error) {
      rest(projection, error);
      return false;
    }
  };

  return async () => {
    const takeChunk = needs.beginRound();
    let more = false;
    for (const projection of needs.projections) more = (await take(projection, takeChunk)) || more;
    return { more, resting: resting.size };
  };
};
