import type { HorizonHolder } from '#event-log';
import type { ReaderLag } from '#read-models';

type Needs = {
  measure(): Promise<ReaderLag[]>;
  horizonHolder(): Promise<HorizonHolder | undefined>;
  tooOldMs: number;
  report(lag: ReaderLag, holder: HorizonHolder | undefined): void;
};

/** Reports each projection whose oldest event to take is too old, with the transaction that may hold it back. */
export const reportLag = (needs: Needs) => async (): Promise<void> => {
  const late = (await needs.measure()).filter((lag) => lag.reader.startsWith('projection:') && lag.behindS * 1_000 > needs.tooOldMs);
  if (late.length === 0) return;
  const holder = await needs.horizonHolder();
  for (const lag of late) needs.report(lag, holder);
};
