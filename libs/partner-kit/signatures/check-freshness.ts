import type { TimestampRule } from '#contract';
import { refused, VERIFIED, type SignatureVerdict } from './verdict.ts';

const DIGITS = /^\d{1,15}$/;
const RFC3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;

/** Refuses a timestamp that lies further from now than the rule allows, in the past or in the future. */
export const checkFreshness = (rule: TimestampRule, text: string, nowMs: number): SignatureVerdict => {
  const atMs = timestampMs(rule.unit, text);
  if (Number.isNaN(atMs)) return refused('malformed', `The timestamp is not a ${rule.unit} timestamp.`);
  const awayS = Math.abs(nowMs - atMs) / 1000;
  if (awayS <= rule.toleranceS) return VERIFIED;
  const side = atMs < nowMs ? 'old' : 'ahead';
  return refused('stale-timestamp', `The timestamp is ${Math.round(awayS)} s ${side}; ${rule.toleranceS} s are allowed. Check both clocks.`);
};

const timestampMs = (unit: TimestampRule['unit'], text: string): number => {
  if (unit === 'rfc3339') return RFC3339.test(text) ? Date.parse(text) : Number.NaN;
  if (!DIGITS.test(text)) return Number.NaN;
  return unit === 's' ? Number(text) * 1000 : Number(text);
};
