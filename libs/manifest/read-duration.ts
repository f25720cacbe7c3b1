const UNIT_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const DURATION = /^(\d+)(ms|s|m|h|d)$/;

/** Milliseconds of `90s`, `15m`, `24h`, `7d`; NaN for anything else. */
export const durationMs = (text: string): number => {
  const match = DURATION.exec(text);
  return match === null ? Number.NaN : Number(match[1]) * UNIT_MS[match[2] as keyof typeof UNIT_MS];
};
