/** How many senders are remembered; the one that was quiet longest is forgotten first, and begins with a full bucket. */
const MAX_SENDERS = 10_000;

type Bucket = { tokens: number; atMs: number };

/** Answers 0 when a sender may go on, else after how many seconds it may. */
export type RateLimit = (sender: string) => number;

/** A token bucket per sender that holds one second's worth and fills at `perSecond`. Memory is bounded. */
export const limitRate = (perSecond: number, nowMs: () => number): RateLimit => {
  const buckets = new Map<string, Bucket>();
  return (sender) => {
    const now = nowMs();
    const bucket = buckets.get(sender) ?? { tokens: perSecond, atMs: now };
    bucket.tokens = Math.min(perSecond, bucket.tokens + ((now - bucket.atMs) / 1000) * perSecond);
    bucket.atMs = now;
    buckets.delete(sender);
    buckets.set(sender, bucket);
    if (buckets.size > MAX_SENDERS) buckets.delete(buckets.keys().next().value!);
    if (bucket.tokens < 1) return Math.ceil((1 - bucket.tokens) / perSecond);
    bucket.tokens -= 1;
    return 0;
  };
};
