import type { IntegrationSpec } from '#contract';
import type { ToldStanding } from '#event-log';
import type { IntegrationStatus } from '#read-models';
import { troubleSince } from './describe-integration.ts';

/**
 * How an account is doing, in one word. `refused`, `resting` and `failing` are the partner's bad day; `misconfigured` and `unserved`
 * are ours.
 */
export const ACCOUNT_HEALTH = ['ok', 'unused', 'paused', 'resting', 'refused', 'failing', 'misconfigured', 'unserved'] as const;
export type AccountHealth = (typeof ACCOUNT_HEALTH)[number];

/** What is known of an account: its configuration, what connectors say of it now, what the log says, and whether a route sends it commands. */
export type AccountFacts = { spec: IntegrationSpec; told: readonly ToldStanding[]; status: IntegrationStatus | undefined; isTarget: boolean };

/** The word, a sentence, and as far as they are known: since when it is so, and when it last went well (RFC 3339). */
export type Standing = { state: AccountHealth; words: string; since?: string; lastGoodAt?: string };

const lastGoodOf = (status: IntegrationStatus | undefined): string | undefined => {
  if (status === undefined) return undefined;
  const { succeeded, retried, dead, uncertain } = status.counts;
  return succeeded + retried + dead + uncertain > 0 ? status.lastSuccessAt : status.lastReceivedAt;
};

/** Of several connectors, one that serves the account speaks for it; else the one that has been in trouble for longest. */
const spokesman = (told: readonly ToldStanding[]): ToldStanding | undefined => told.find(({ state }) => state === 'open') ?? told[0];

const byConnector = ({ state, reason, since }: ToldStanding): Standing | undefined => {
  if (state === 'shut') return { state: 'misconfigured', words: `It is not served: ${reason ?? 'something that it needs is not set, and the connector’s log names it'}. Its commands wait.`, since };
  if (state === 'breaker-open') return { state: 'resting', words: 'Too many calls failed in a row: it rests, and single probes find out when the partner is well. Its commands wait.', since };
  if (state === 'refused') return { state: 'refused', words: `It waits, because ${reason ?? 'the partner refuses our credentials'}. It is asked again about once a minute; its commands wait.`, since };
  return state === 'held' ? { state: 'resting', words: `It waits, because ${reason ?? 'the partner asked for it'}. Its commands wait.`, since } : undefined;
};

const UNSERVED: Standing = { state: 'unserved', words: 'Routes send it commands, and no connector has told of it for a minute: they wait. Is the connector of its partner running?' };

const byLog = (status: IntegrationStatus | undefined): Standing => {
  if (status === undefined) return { state: 'unused', words: 'The log says nothing of it yet.' };
  const trouble = troubleSince(status);
  if (trouble !== undefined) return { state: 'failing', words: trouble, since: status.lastSuccessAt };
  return { state: 'ok', words: `Last heard of at ${status.lastEvent.at}.` };
};

/** How an account is doing. What is configured counts first, then what connectors say of it now, then what the log says. */
export const describeStanding = ({ spec, told, status, isTarget }: AccountFacts): Standing => {
  const lastGoodAt = lastGoodOf(status);
  if (spec.paused) return { state: 'paused', words: 'Paused in the manifest: its webhooks are refused and its commands wait.', lastGoodAt };
  const speaks = spokesman(told);
  if (speaks === undefined && isTarget) return { ...UNSERVED, lastGoodAt };
  return { ...((speaks && byConnector(speaks)) ?? byLog(status)), lastGoodAt };
};
