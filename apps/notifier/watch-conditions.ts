import type { NoticeKey } from '#notify';
import { CONDITIONS, isCondition } from './conditions/catalogue.ts';
import type { Trouble } from './conditions/facts.ts';
import type { Findings } from './conditions/find-troubles.ts';
import type { Moment } from './moment.ts';

/** A condition that holds, since when (ms since the epoch), and how it looks now. */
export type Held = { trouble: Trouble; since: number };

/** One string for what a notice is about. */
export const keyOf = ({ condition, subject }: NoticeKey): string => `${condition} ${subject}`;

/** How long a condition must hold, or be over. One that this version does not have is over at once. */
const holdMs = (condition: string): number => (isCondition(condition) ? CONDITIONS[condition].holdS * 1_000 : 0);

export type Watch = {
  look(findings: Findings, now: Moment): void;
  /** Everything that the last look saw and that has held for long enough to be told. */
  held(now: Moment): Held[];
  /** Whether a condition has been over for long enough to be told. */
  isOver(key: NoticeKey, now: Moment): boolean;
};

/** The other two by the steady clock. */
type Sighting = Held & { firstSeen: number; lastSeen: number };

/**
 * Remembers from look to look what holds and what is over, so that neither a blip nor a pause is told:
 *
 *     seen ──── holds for its time ────▶ held          not seen for `gapMs` ──▶ over ──── for its time ────▶ isOver
 *       ▲                                  │                                     │
 *       └──────────── a gap of less than `gapMs` changes nothing ───────────────┘
 *
 * While a condition is unknown, nothing about it changes.
 */
export const watchConditions = (gapMs: number): Watch => {
  const seen = new Map<string, Sighting>();
  const overSince = new Map<string, number>();
  let unknown: ReadonlySet<string> = new Set();
  let present: ReadonlySet<string> = new Set();
  let lastLook: number | undefined;

  const forgetGone = (steady: number): void => {
    for (const [key, sighting] of seen) {
      if (unknown.has(sighting.trouble.condition)) sighting.lastSeen += steady - (lastLook ?? steady);
      else if (steady - sighting.lastSeen >= gapMs) {
        seen.delete(key);
        overSince.set(key, sighting.lastSeen);
      }
    }
  };
  return {
    look: (findings, now) => {
      unknown = findings.unknown;
      present = new Set(findings.troubles.map(keyOf));
      for (const trouble of findings.troubles) {
        const key = keyOf(trouble);
        const { since, firstSeen } = seen.get(key) ?? { since: now.at, firstSeen: now.steady };
        seen.set(key, { trouble, since, firstSeen, lastSeen: now.steady });
        overSince.delete(key);
      }
      forgetGone(now.steady);
      lastLook = now.steady;
    },
    held: ({ steady }) => [...seen.values()].filter(({ trouble, firstSeen }) => present.has(keyOf(trouble)) && steady - firstSeen >= holdMs(trouble.condition)),
    isOver: (key, { steady }) => {
      const name = keyOf(key);
      if (unknown.has(key.condition) || seen.has(name)) return false;
      const since = overSince.get(name) ?? steady;
      overSince.set(name, since);
      return steady - since >= Math.max(gapMs, holdMs(key.condition));
    },
  };
};
