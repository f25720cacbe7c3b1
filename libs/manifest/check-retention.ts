import type { Manifest } from '#contract';
import type { ManifestProblem } from './problem-list.ts';

const DAY_MS = 86_400_000;

/**
 * The bus keeps events for 72 hours and the relay may rewind by a day or more: what is younger may be handed out again.
 * The log itself lets nothing go that is younger, whatever a manifest says (migration 0005).
 */
const SHORTEST_MS = 7 * DAY_MS;

/** Retentions that would take what is still in use. */
export const checkRetention = ({ retention = {} }: Manifest): ManifestProblem[] =>
  Object.entries(retention).flatMap(([what, keepMs]) =>
    keepMs >= SHORTEST_MS ? [] : [{ path: ['retention', what], message: `must be 7d or more, not ${keepMs / DAY_MS}d: the bus may hand out again what is younger` }]);
