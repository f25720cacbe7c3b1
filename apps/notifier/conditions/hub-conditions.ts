import type { HeldSegment } from '#event-log';
import { maskText } from '#telemetry';
import { accountName, lastSuccess, staleTimestamps, type Found } from './account-conditions.ts';
import type { Facts, QueueFact } from './facts.ts';

const SKEW_S = 30;
const WAITING_S = { high: 120, normal: 900, low: 900 } as const;
const ROUTER_WAITING = 1_000;
const RELAY_LAG_S = 30;
const PROJECTION_LAG_S = 60;
const HELD_S = 86_400;
/** A dead letter is kept for 30 days, and with it what it came of. */
const HELD_BY_COMMAND_S = 31 * 86_400;

/** A time that a person takes in at a glance: `42 s`, `16 min`, `3 h`, `2 d`. */
export const roughly = (seconds: number): string => {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 2 * 3_600) return `${Math.round(seconds / 60)} min`;
  return seconds < 2 * 86_400 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} d`;
};

const commands = (depth: number): string => (depth === 1 ? '1 command waits' : `${depth} commands wait`);

const queueTrouble = (facts: Facts, queue: QueueFact, what: string) => ({ subject: `${accountName(queue)}/${queue.lane}`, what, lastGoodAt: lastSuccess(facts, queue) });

/** What a connector says of an account that it does not call now: most often that is why its queue grows. It may be a partner's words. */
const excuse = ({ standings }: Facts, queue: QueueFact): string => {
  const told = (standings ?? []).filter((standing) => accountName(standing) === accountName(queue));
  const reason = told.some(({ state }) => state === 'open') ? undefined : told[0]?.reason;
  return reason === undefined ? '' : ` (its connector says: ${maskText(reason)})`;
};

export const queueBackingUp = (facts: Facts): Found =>
  facts.queues?.filter(({ lane, oldestS }) => oldestS > WAITING_S[lane])
    .map((queue) => queueTrouble(facts, queue, `${commands(queue.depth)} in lane ${queue.lane}, the oldest for ${roughly(queue.oldestS)}${excuse(facts, queue)}`));

export const noWorkers = (facts: Facts): Found => {
  const { queues, standings } = facts;
  if (queues === undefined || standings === undefined) return undefined;
  const served = new Set(standings.map(accountName));
  return queues.filter((queue) => !served.has(accountName(queue))).map((queue) => queueTrouble(facts, queue, `${commands(queue.depth)} in lane ${queue.lane}, and no connector serves the account`));
};

export const routerBehind = ({ routerWaiting }: Facts): Found =>
  routerWaiting === undefined ? undefined : routerWaiting > ROUTER_WAITING ? [{ subject: '', what: `${routerWaiting} events wait for the router: every partner and integration is concerned` }] : [];

const lagging = ({ lags }: Facts, isOne: (reader: string) => boolean, tooOldS: number, means: string): Found =>
  lags?.filter(({ reader, behindS }) => isOne(reader) && behindS > tooOldS)
    .map(({ reader, behindS, movedAt }) => ({ subject: reader, what: `${roughly(behindS)} behind the log: ${means}`, lastGoodAt: movedAt }));

export const relayLagging = (facts: Facts): Found => lagging(facts, (reader) => reader === 'relay', RELAY_LAG_S, 'nothing newer reaches any partner or integration');

export const projectionLagging = (facts: Facts): Found =>
  lagging(facts, (reader) => reader.startsWith('projection:'), PROJECTION_LAG_S, 'the console shows old lists; deliveries go on');

const isHeldTooLong = ({ heldBy, heldS }: HeldSegment): boolean => heldS > (heldBy.startsWith('command ') ? HELD_BY_COMMAND_S : HELD_S);

/** By category: the segment that has stayed for longest. What held it back may be the words of a failure. */
export const segmentsHeldBack = ({ held }: Facts): Found =>
  held && [...Map.groupBy(held.filter(isHeldTooLong), ({ category }) => category)].map(([category, segments]) => {
    const longest = segments.reduce((one, other) => (other.heldS > one.heldS ? other : one));
    return { subject: category, what: `old events stay ${roughly(longest.heldS)} longer than their retention: held back by ${maskText(longest.heldBy)}` };
  });

export const logUnavailable = ({ log }: Facts): Found =>
  log.answers ? [] : [{
    subject: '',
    what: 'the notifier cannot reach Postgres: while ingest cannot either, webhooks of every partner and integration are answered with 503',
    lastGoodAt: log.lastGoodMs === undefined ? undefined : new Date(log.lastGoodMs).toISOString(),
  }];

/** Our clock against Postgres', and against what partners sign. */
export const clockSkew = (facts: Facts): Found => {
  const { skewS } = facts;
  const stale = staleTimestamps(facts);
  if (skewS === undefined || stale === undefined) return undefined;
  const own = Math.abs(skewS) > SKEW_S ? [{ subject: '', what: `the clocks of Postgres' machine and of this one are ${roughly(Math.abs(skewS))} apart` }] : [];
  return [...own, ...stale];
};
