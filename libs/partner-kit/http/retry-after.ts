const DAY_MS = 86_400_000;

/** `Retry-After` (RFC 9110 §10.2.3): seconds or an HTTP date. */
const fromRetryAfter = (value: string | undefined, nowMs: number): number => {
  if (value === undefined) return 0;
  if (/^\d+(\.\d+)?$/.test(value)) return Number(value) * 1000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? 0 : at - nowMs;
};

/** A reset header's number is a moment (epoch milliseconds or seconds) when it is large, else seconds from now. */
const fromReset = (value: string | undefined, nowMs: number): number => {
  if (value === undefined || !/^\d+(\.\d+)?$/.test(value)) return 0;
  const number = Number(value);
  if (number > 1e12) return number - nowMs;
  if (number > 1e9) return number * 1000 - nowMs;
  return number * 1000;
};

/** The IETF draft's `RateLimit`: `"default";r=0;t=30`, earlier `limit=5, remaining=0, reset=30`. */
const resetOf = (rateLimit: string | undefined): string | undefined => rateLimit && /(?:^|[;,\s])(?:t|reset)=(\d+)/.exec(rateLimit)?.[1];

const RESET_HEADERS = ['x-ratelimit-reset', 'x-rate-limit-reset', 'ratelimit-reset'];

/** A moment that the partner names is meant by its own clock, which its `Date` tells. */
const partnersNow = (headers: Record<string, string>, nowMs: number): number => Date.parse(headers['date'] ?? '') || nowMs;

/** How long the partner asks us to wait, in milliseconds: the longest of what its headers say, at most a day; undefined when they say nothing. `oursMs` counts where the answer has no `Date`. */
export const retryAfterMs = (headers: Record<string, string>, oursMs: number): number | undefined => {
  const nowMs = partnersNow(headers, oursMs);
  const waits = [fromRetryAfter(headers['retry-after'], nowMs), fromReset(resetOf(headers['ratelimit']), nowMs)];
  for (const name of RESET_HEADERS) waits.push(fromReset(headers[name], nowMs));
  const longest = Math.min(Math.max(...waits), DAY_MS);
  return longest > 0 ? Math.ceil(longest) : undefined;
};
