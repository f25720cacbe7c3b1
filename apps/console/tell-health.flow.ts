import { isHubError } from '#contract';
import type { HeldSegment, HorizonHolder } from '#event-log';
import { LAG_COUNTED, PROJECTIONS, readerOf, type ReaderLag } from '#read-models';
import { HEALTH, type Health, type HealthPartView, type HealthView, type IntegrationHealthView } from './views/health.view.ts';
import { describeStanding, type AccountFacts, type AccountHealth } from './words/describe-standing.ts';

type Needs = {
  lags(): Promise<ReaderLag[]>;
  horizonHolder(): Promise<HorizonHolder | undefined>;
  /** What is known of each configured account that the caller may see. */
  accounts(): Promise<AccountFacts[]>;
  held(): Promise<HeldSegment[]>;
};

/** An event that waits longer than this in front of a reader means trouble. */
const TOO_OLD_S = 10;

const READERS: { name: string; reader: string; does: string; ask: string }[] = [
  { name: 'relay', reader: 'relay', does: 'hands events to the bus', ask: 'Is the relay running, and does NATS answer it?' },
  ...PROJECTIONS.map((projection) => ({
    name: `projector (${projection.name})`,
    reader: readerOf(projection),
    does: 'fills the console’s lists',
    ask: 'Is the projector running?',
  })),
];

const howMany = (behind: number): string => (behind > LAG_COUNTED ? `more than ${LAG_COUNTED}` : String(behind));

const readerPart = (known: (typeof READERS)[number], lag: ReaderLag | undefined): HealthPartView => {
  if (lag === undefined) return { name: known.name, status: 'degraded', words: `It ${known.does}, and has not run yet. ${known.ask}` };
  const { behind, behindS } = lag;
  if (behindS > TOO_OLD_S) {
    const words = `${howMany(behind)} events wait to be taken, the oldest for ${Math.round(behindS)} s. ${known.ask}`;
    return { name: known.name, status: 'degraded', words, behind, behindS };
  }
  return { name: known.name, status: 'ok', words: behind === 0 ? 'It has taken every event.' : `It is ${howMany(behind)} events behind, and moving.`, behind, behindS };
};

const holderPart = (holder: HorizonHolder): HealthPartView => ({
  name: 'transactions',
  status: 'degraded',
  words: `${holder.application || 'A client'} (process ${holder.pid}) has held a transaction open for ${Math.round(holder.openS)} s; readers of the log wait for it.`,
});

const HELD_BY: Record<string, string> = {
  reader: 'a reader of the log has not read it',
  command: 'a command of a flow in it is not finished, or a dead letter for less than 30 days',
  queue: 'a command waits in its queue since before it ended, or soon after',
  clock: 'the database’s clock has jumped, and is not believed for a day',
  busy: 'the log was too busy to let it go',
  error: 'the keeper failed when it looked at it; its log and the column held_by say how',
};

/** Nothing is wrong with a log that keeps more than it must; somebody may wonder why it does. */
const retentionPart = (held: HeldSegment[]): HealthPartView => {
  const [first] = held;
  if (first === undefined) return { name: 'retention', status: 'ok', words: 'Nothing that is old enough to go is held back.' };
  const why = HELD_BY[first.heldBy.split(' ', 1)[0]!] ?? first.heldBy;
  const words = `Segments of the log that are old enough to go and stay: ${held.length}. The oldest, ${first.id} (${first.category}), because ${why}.`;
  return { name: 'retention', status: 'ok', words };
};

/** An account that nobody serves is the hub's own trouble; a partner's bad day is not. */
const OURS: readonly AccountHealth[] = ['misconfigured', 'unserved'];
const THEIRS: readonly AccountHealth[] = ['resting', 'refused', 'failing'];

const worst = (parts: HealthPartView[]): Health => HEALTH[Math.max(...parts.map((part) => HEALTH.indexOf(part.status)))]!;

const named = ({ partner, integration, state }: IntegrationHealthView): string => `${partner}/${integration} (${state})`;

const summary = (status: Health, parts: HealthPartView[], integrations: IntegrationHealthView[]): string => {
  const among = (states: readonly AccountHealth[]) => integrations.filter(({ state }) => states.includes(state)).map(named);
  const troubled = [...parts.filter((part) => part.status !== 'ok').map((part) => part.name), ...among(OURS)];
  const theirs = among(THEIRS);
  return [
    status === 'ok' ? 'All is well.' : `Look at: ${troubled.join(', ')}.`,
    ...(theirs.length > 0 ? [`A bad day of a partner: ${theirs.join(', ')}.`] : []),
  ].join(' ');
};

const healthOf = (parts: HealthPartView[], integrations: IntegrationHealthView[]): HealthView => {
  const isUnserved = integrations.some(({ state }) => OURS.includes(state));
  const ofParts = worst(parts);
  const status = ofParts === 'ok' && isUnserved ? 'degraded' : ofParts;
  return { status, words: summary(status, parts, integrations), parts, integrations };
};

const integrationOf = (facts: AccountFacts): IntegrationHealthView => ({ partner: facts.spec.partner, integration: facts.spec.name, ...describeStanding(facts) });

const byName = (a: IntegrationHealthView, b: IntegrationHealthView): number => (`${a.partner}/${a.integration}` < `${b.partner}/${b.integration}` ? -1 : 1);

/** Tells how the hub is doing. A log that is away is an answer, not an error. */
export const tellHealth = (needs: Needs) => async (): Promise<HealthView> => {
  try {
    const lags = new Map((await needs.lags()).map((lag) => [lag.reader, lag]));
    const readers = READERS.map((known) => readerPart(known, lags.get(known.reader)));
    const holder = readers.some((part) => (part.behindS ?? 0) > TOO_OLD_S) ? await needs.horizonHolder() : undefined;
    const log: HealthPartView = { name: 'log', status: 'ok', words: 'The event log answers.' };
    const integrations = (await needs.accounts()).map(integrationOf).toSorted(byName);
    return healthOf([log, ...readers, retentionPart(await needs.held()), ...(holder !== undefined && holder.openS > TOO_OLD_S ? [holderPart(holder)] : [])], integrations);
  } catch (error) {
    if (!isHubError(error, 'log-unavailable') && !isHubError(error, 'query-too-slow')) throw error;
    return healthOf([{ name: 'log', status: 'down', words: error.message }], []);
  }
};
