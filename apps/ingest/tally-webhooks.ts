import type { IngestOutcome } from '#contract';
import type { WebhookTally } from '#event-log';
import type { OutcomeCount } from './keep-outcomes.ts';

type Needs = {
  /** Adds to what others can read; not called while the log is away. */
  add(tallies: WebhookTally[]): Promise<void>;
  logReady(): boolean;
};

type Kind = keyof Omit<WebhookTally, 'partner' | 'integration'>;

const KINDS: Partial<Record<IngestOutcome, Kind>> = {
  accepted: 'good',
  duplicate: 'good',
  handshake: 'good',
  'signature-refused': 'refused',
  'secret-missing': 'refused',
  malformed: 'refused',
  'unsupported-media-type': 'refused',
  'too-large': 'refused',
  'stale-timestamp': 'stale',
};

export type WebhookTallies = {
  /** Counts one outcome; names that are none are left out. */
  count(outcome: Omit<OutcomeCount, 'count'>): void;
  /** Hands on what was counted. What could not be added is added the next time. */
  flush(): Promise<void>;
};

/** Counts what becomes of each integration's webhooks, to be handed on every now and then. */
export const tallyWebhooks = (needs: Needs): WebhookTallies => {
  let tallies = new Map<string, WebhookTally>();
  const add = ({ partner, integration }: Pick<WebhookTally, 'partner' | 'integration'>, kind: Kind, by: number): void => {
    const key = `${partner}/${integration}`;
    const tally = tallies.get(key) ?? { partner, integration, good: 0, refused: 0, stale: 0, other: 0 };
    tally[kind] += by;
    tallies.set(key, tally);
  };
  const takeBack = (taken: WebhookTally[]): void => {
    for (const tally of taken) for (const kind of ['good', 'refused', 'stale', 'other'] as const) add(tally, kind, tally[kind]);
  };
  return {
    count: ({ partner, integration, outcome }) => {
      if (partner !== '-') add({ partner, integration }, KINDS[outcome as IngestOutcome] ?? 'other', 1);
    },
    flush: async () => {
      if (tallies.size === 0 || !needs.logReady()) return;
      const taken = [...tallies.values()];
      tallies = new Map();
      await needs.add(taken).catch((error: unknown) => {
        takeBack(taken);
        throw error;
      });
    },
  };
};
