import type { Outcome, Refusal } from './webhook-stages.ts';

/** A refused request as an operator may see it: never its body, nor the value of any header but its content type. */
export type RefusedSample = {
  /** RFC 3339 UTC. */
  at: string;
  correlationId: string;
  /** The `X-Request-Id` of the answer. */
  requestId: string;
  /** As the URL named them, `?` for what cannot be a name; nothing says that they exist. */
  partner: string;
  integration: string;
  cause: Refusal['outcome'];
  detail: string;
  remoteAddress: string;
  contentType: string;
  /** Of the body as far as it was read, else as its head announced it. */
  bytes: number;
  headerNames: string[];
};

export type OutcomeCount = { partner: string; integration: string; outcome: Outcome; count: number };

/** What this process answered since it started. `refused` counts all refusals; `samples` are the newest, kept per cause. */
export type OutcomeReport = { since: string; refused: number; outcomes: OutcomeCount[]; samples: RefusedSample[] };

export type OutcomeKeeper = {
  /** `known` says that the integration exists; names that do not are all counted as one, so that memory stays bounded. */
  count(partner: string, integration: string, known: boolean, outcome: Outcome): void;
  /** Keeps the sample, in place of the oldest of its kind. Answers true for the first of its kind in any second: the one worth a log line. */
  keep(sample: RefusedSample, known: boolean): boolean;
  report(): OutcomeReport;
};

const SAMPLES_PER_KIND = 10;
const SAMPLES_SHOWN = 200;
const UNKNOWN = '-';

type Kind = { samples: RefusedSample[]; loggedAt: string };

/** Counts every outcome and keeps a few refused requests of each kind, in memory. `meter` is told each one, under names that are bounded. */
export const keepOutcomes = (nowMs: () => number, meter: (counted: Omit<OutcomeCount, 'count'>) => void): OutcomeKeeper => {
  const since = new Date(nowMs()).toISOString();
  const counts = new Map<string, OutcomeCount>();
  const kinds = new Map<string, Kind>();
  return {
    count: (partner, integration, known, outcome) => {
      const key = keyOf(partner, integration, known, outcome);
      const entry = counts.get(key) ?? { partner: known ? partner : UNKNOWN, integration: known ? integration : UNKNOWN, outcome, count: 0 };
      entry.count++;
      counts.set(key, entry);
      meter(entry);
    },
    keep: (sample, known) => {
      const key = keyOf(sample.partner, sample.integration, known, sample.cause);
      const kind = kinds.get(key) ?? { samples: [], loggedAt: '' };
      kinds.set(key, kind);
      if (kind.samples.push(sample) > SAMPLES_PER_KIND) kind.samples.shift();
      const second = sample.at.slice(0, 19);
      const first = kind.loggedAt !== second;
      kind.loggedAt = second;
      return first;
    },
    report: () => {
      const outcomes = [...counts.values()];
      const refused = outcomes.reduce((sum, { outcome, count }) => (isAnswered(outcome) ? sum : sum + count), 0);
      const samples = [...kinds.values()].flatMap((kind) => kind.samples);
      samples.sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));
      return { since, refused, outcomes, samples: samples.slice(0, SAMPLES_SHOWN) };
    },
  };
};

const isAnswered = (outcome: Outcome): boolean => outcome === 'accepted' || outcome === 'duplicate' || outcome === 'handshake';

const keyOf = (partner: string, integration: string, known: boolean, outcome: Outcome): string =>
  known ? `${partner}/${integration} ${outcome}` : outcome;
