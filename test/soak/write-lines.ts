import { TOLERANCE, type MemoryVerdict } from './judge-memory.ts';
import type { Sample } from './take-sample.ts';

const cells = (values: (string | number)[], widths: number[]): string => values.map((value, at) => String(typeof value === 'number' ? Math.round(value) : value).padStart(widths[at] ?? 4)).join('');

const WIDTHS = [6, 5, 6, 5, 5, 6, 5, 6, 6];

const clock = (seconds: number): string => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;

/** What stands above the lines: two rows. */
export const HEADING = [
  cells(['', '', '', '', 'answer, ms', '', 'effect, ms', ''], [6, 5, 6, 5, 11, 0, 11, 0]) + '   memory in MB',
  `${cells(['time', '/s', 'wait', 'lag', 'p50', 'p99', 'p50', 'p99', 'all'], WIDTHS)}  most`,
].join('\n');

/** Milliseconds that keep to their column: from ten seconds on they are seconds. */
const ms = (value: number | undefined): string => {
  if (value === undefined) return '-';
  return value < 9_999.5 ? value.toFixed(0) : `${(value / 1_000).toFixed(0)}s`;
};

/** The process that holds the most. */
const largest = (rss: Record<string, number>): string => {
  const [name, mb] = Object.entries(rss).reduce((most, one) => (one[1] > most[1] ? one : most), ['-', 0]);
  return `  ${name} ${mb.toFixed(0)}`;
};

/** One sample as one line below the heading. */
export const sampleLine = ({ atS, perSecond, backlog, lagS, answer, effect, rss }: Sample): string =>
  cells([clock(atS), perSecond, backlog ?? '-', lagS?.toFixed(1) ?? '-', ms(answer?.p50), ms(answer?.p99), ms(effect?.p50), ms(effect?.p99), Object.values(rss).reduce((sum, mb) => sum + mb, 0)], WIDTHS) + largest(rss);

/** The meaning of the columns, once, for who sees them for the first time. */
export const LEGEND = [
  'wait: effects yet to come; lag: age in s of the oldest event not yet taken;',
  'answer: webhook sent to 2xx; effect: webhook on disk to its effect on record.',
].join('\n');

const memoryLine = ({ room, secondQuarter, lastQuarter, allowed, flat }: MemoryVerdict): string =>
  `  ${room.padEnd(17)} ${secondQuarter.toFixed(0).padStart(4)} → ${lastQuarter.toFixed(0).padStart(4)}   at most ${allowed.toFixed(0).padStart(4)}   ${flat ? 'flat' : 'GROWS'}`;

/** What the memory of each room did between the second and the last quarter. */
export const memoryLines = (verdicts: MemoryVerdict[]): string =>
  [`Memory in MB, median of second → last quarter (+${TOLERANCE.share * 100} %, +${TOLERANCE.mb} MB at most):`, ...verdicts.map(memoryLine)].join('\n');
