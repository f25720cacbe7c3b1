/** References are told apart exactly up to this many per partner; beyond it `exact` turns false. */
const EXACT_UP_TO = 1_000_000;
/** The latest effects are kept one by one, for `?ids=1`. */
const LISTED = 100_000;

export type Gift = 'failed' | 'limited' | 'timedOut' | 'dropped' | 'unreadable';

export type Effect = { action: string; reference: string | null; correlationId: string | null; atMs: number };

export type PartnerRecord = {
  calls: number;
  effects: number;
  /** Distinct command references that had an effect. */
  references: number;
  /** Repeats that were recognised and had no second effect. */
  deduplicated: number;
  /** Effects beyond the first of one command. */
  doubled: number;
  /** Calls answered with an error that nobody ordered. */
  refused: number;
  faults: Record<Gift, number>;
  exact: boolean;
};

type Doer = { reference?: string; correlationId?: string };

/** What a played partner tells of what it did. */
export type Effects = {
  /** An effect took place. A second one for the same reference is a double. */
  happened(action: string, by: Doer): void;
  /** Something took place that may be repeated: a second time for the same reference is a repeat without effect. */
  happenedNaturally(action: string, by: Doer): void;
  /** A repeat was recognised. */
  deduplicated(): void;
};

/** One partner's own account of what was done to it. */
export class PartnerLedger implements Effects {
  private readonly seen = new Set<string>();
  private readonly doubles: string[] = [];
  private latest: Effect[] = [];
  private readonly counts = { calls: 0, effects: 0, deduplicated: 0, doubled: 0, refused: 0 };
  private readonly faults: Record<Gift, number> = { failed: 0, limited: 0, timedOut: 0, dropped: 0, unreadable: 0 };

  constructor(private readonly now: () => number) {}

  called(): void {
    this.counts.calls += 1;
  }

  refused(): void {
    this.counts.refused += 1;
  }

  gave(gift: Gift): void {
    this.faults[gift] += 1;
  }

  happened(action: string, by: Doer): void {
    if (by.reference !== undefined && this.seen.has(by.reference)) {
      this.counts.doubled += 1;
      if (this.doubles.length < 1_000) this.doubles.push(by.reference);
    }
    this.note(action, by);
  }

  happenedNaturally(action: string, by: Doer): void {
    if (by.reference !== undefined && this.seen.has(by.reference)) this.counts.deduplicated += 1;
    else this.note(action, by);
  }

  deduplicated(): void {
    this.counts.deduplicated += 1;
  }

  summary(): PartnerRecord {
    return { ...this.counts, references: this.seen.size, faults: { ...this.faults }, exact: this.seen.size < EXACT_UP_TO };
  }

  reset(): void {
    this.seen.clear();
    this.doubles.length = 0;
    this.latest = [];
    for (const name of Object.keys(this.counts) as (keyof typeof this.counts)[]) this.counts[name] = 0;
    for (const gift of Object.keys(this.faults) as Gift[]) this.faults[gift] = 0;
  }

  details(): { latestEffects: Effect[]; doubledReferences: string[] } {
    return { latestEffects: this.latest, doubledReferences: this.doubles };
  }

  private note(action: string, by: Doer): void {
    this.counts.effects += 1;
    if (by.reference !== undefined && this.seen.size < EXACT_UP_TO) this.seen.add(by.reference);
    this.latest.push({ action, reference: by.reference ?? null, correlationId: by.correlationId ?? null, atMs: this.now() });
    if (this.latest.length >= 2 * LISTED) this.latest = this.latest.slice(-LISTED);
  }
}
