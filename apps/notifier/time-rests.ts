import type { OpenNotice } from '#notify';
import type { Moment } from './moment.ts';
import { keyOf } from './watch-conditions.ts';

export type Rests = {
  /** Sees how a notice stands now. */
  note(notice: OpenNotice, now: Moment): void;
  /** For how long a notice has stood as it does, in ms. */
  lastsMs(notice: OpenNotice, now: Moment): number;
  /** All that was told before this process came was noted. */
  begun(): void;
};

/**
 * For how long notices have stood as they do, by the steady clock of this process. Only of what was told before this process came is the
 * age taken from what is written down.
 */
export const timeRests = (): Rests => {
  const seen = new Map<string, { mark: string; since: number }>();
  let isFirst = true;
  return {
    note: (notice, now) => {
      const key = keyOf(notice);
      const mark = notice.telling === undefined ? `told ${notice.toldAt}` : `${notice.telling} ${notice.claim?.id} ${notice.claim?.at}`;
      if (seen.get(key)?.mark === mark) return;
      const ageMs = isFirst && notice.telling === undefined && notice.toldAt !== undefined ? Math.max(0, now.at - notice.toldAt) : 0;
      seen.set(key, { mark, since: now.steady - ageMs });
    },
    lastsMs: (notice, now) => now.steady - (seen.get(keyOf(notice))?.since ?? now.steady),
    begun: () => {
      isFirst = false;
    },
  };
};
