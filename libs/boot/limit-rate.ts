/** How many senders are remembered; the one that was quiet longest is forgotten first, and begins with a full bucket. */
const MAX_SENDERS = 10_000;

type Bucket = { tokens: number; atMs: number };

/** What a limit says to one request: whether it may go on (`waitS` is 0), how many more may follow at once, and in how many seconds the quota is whole again. */
export type RateVerdict = { waitS: number; remaining: number; resetS: number };

/** A limit by sender. */
export type RateLimit = { perSecond: number; take(sender: string): RateVerdict };

/** A token bucket per sender that holds one second's worth (at least one) and fills at `perSecond`. Memory is bounded. `steadyMs` is a clock that nobody sets. */
export const limitRate = (perSecond: number, steadyMs: () => number): RateLimit => {
  const buckets = new Map<string, Bucket>();
  const full = Math.max(1, perSecond);
  const take = (sender: string): RateVerdict => {
    const now = steadyMs();
    const bucket = buckets.get(sender) ?? { tokens: full, atMs: now };
    bucket.tokens = Math.min(full, bucket.tokens + ((now - bucket.atMs) / 1000) * perSecond);
    bucket.atMs = now;
    buckets.delete(sender);
    buckets.set(sender, bucket);
    if (buckets.size > MAX_SENDERS) buckets.delete(buckets.keys().next().value!);
    const waitS = bucket.tokens < 1 ? Math.ceil((1 - bucket.tokens) / perSecond) : 0;
    if (waitS === 0) bucket.tokens -= 1;
    return { waitS, remaining: Math.floor(bucket.tokens), resetS: Math.ceil((full - bucket.tokens) / perSecond) };
  };
  return { perSecond, take };
};

/** `RateLimit` and `RateLimit-Policy` as in draft-ietf-httpapi-ratelimit-headers-10, by the name of each limit. */
export const rateHeaders = (verdicts: readonly { name: string; limit: RateLimit; verdict: RateVerdict }[]): Record<string, string> => ({
  'ratelimit-policy': verdicts.map(({ name, limit }) => `"${name}";q=${Math.max(1, Math.floor(limit.perSecond))};w=1`).join(', '),
  ratelimit: verdicts.map(({ name, verdict }) => `"${name}";r=${verdict.remaining};t=${verdict.resetS}`).join(', '),
});
