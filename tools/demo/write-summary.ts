import type { CommandCounts } from './count-commands.ts';
import type { Answers } from './send-deliveries.ts';
import type { Tally } from './tally-effects.ts';
import type { PartnerTotals } from './watch-partners.ts';

/** Everything that a run has found out. */
export type Findings = {
  webhooks: number;
  deliveries: number;
  answers: Answers;
  tally: Tally;
  totals: PartnerTotals;
  counts: Pick<CommandCounts, 'commands' | 'attempts'>;
  /** Where the commands of what was lost stand, a sentence each. */
  explained: string[];
  seconds: number;
};

/** The result as data, for `--json`. */
export type DemoResult = {
  ok: boolean;
  webhooks: number;
  deliveries: number;
  accepted: number;
  duplicates: number;
  refused: number;
  commands: number;
  attempts: number;
  delivered: number;
  lost: number;
  doubled: number;
  /** Effects at partners that no accepted webhook asked for. */
  unasked: number;
  /** Forged webhooks that were accepted, genuine ones that were refused, and those that got no answer at all. */
  misjudged: number;
  partners: PartnerTotals;
  seconds: number;
};

const misjudgedIn = ({ accepted, refused, unanswered }: Answers): number =>
  [...accepted.keys()].filter(({ forged }) => forged).length + [...refused.keys()].filter(({ forged }) => !forged).length + unanswered.size;

/** Sums findings up. `ok` is whether every promise was kept. */
export const resultOf = ({ webhooks, deliveries, answers, tally, totals, counts, seconds }: Findings): DemoResult => {
  const [lost, { doubled, unasked, delivered }, misjudged] = [tally.lost.length, tally, misjudgedIn(answers)];
  return {
    ok: lost + doubled + unasked + misjudged === 0,
    webhooks,
    deliveries,
    accepted: answers.accepted.size,
    duplicates: answers.duplicates,
    refused: answers.refused.size,
    commands: counts.commands,
    attempts: counts.attempts,
    delivered,
    lost,
    doubled,
    unasked,
    misjudged,
    partners: totals,
    seconds: Math.round(seconds * 10) / 10,
  };
};

type Paint = (text: string, good: boolean) => string;

const painter = (colours: boolean): Paint => (text, good) => (colours ? `\x1b[${good ? 32 : 31}m${text}\x1b[0m` : text);

const row = (name: string, value: number, about: string): string => `  ${name.padEnd(11)}${value.toLocaleString('en').padStart(7)}   ${about}`;

/** A figure that must be 0. */
const verdictRow = (paint: Paint, [name, value, about]: [string, number, string]): string => paint(row(name, value, value === 0 ? '' : about).trimEnd(), value === 0);

const rows = (result: DemoResult, paint: Paint): string[] => {
  const { partners } = result;
  return [
    row('sent', result.deliveries, `${result.webhooks} webhooks, ${result.deliveries - result.webhooks} of them twice`),
    row('accepted', result.accepted, 'on disk before the answer, 202'),
    row('duplicates', result.duplicates, 'recognised, 200'),
    row('refused', result.refused, 'forged, 401'),
    row('commands', result.commands, 'what the routes made of the accepted ones'),
    row('attempts', result.attempts, `${partners.calls} calls: ${partners.failed} failed, ${partners.dropped} broke off after the effect`),
    row('delivered', result.delivered, 'commands with an effect on the partners\' own record'),
    verdictRow(paint, ['lost', result.lost, 'accepted, and no partner knows of it']),
    verdictRow(paint, ['doubled', result.doubled, 'effects beyond the first']),
    ...(result.unasked > 0 ? [verdictRow(paint, ['unasked', result.unasked, 'effects that no accepted webhook asked for'])] : []),
    ...(result.misjudged > 0 ? [verdictRow(paint, ['misjudged', result.misjudged, 'forged and accepted, genuine and refused, or unanswered'])] : []),
  ];
};

const nameLost = ({ tally, explained }: Findings): string[] => [
  ...tally.lost.slice(0, 5).map(({ webhook, effect, correlationIds }) => `  lost: ${effect} of ${webhook.kind} webhook ${webhook.n} (${correlationIds.join(', ')})`),
  ...explained.map((sentence) => `  the hub says: ${sentence}`),
];

/** The result for a person: what was sent, what became of it, and in one sentence whether that is good. */
export const writeSummary = (findings: Findings, colours: boolean): string => {
  const [result, paint] = [resultOf(findings), painter(colours)];
  const verdict = result.ok ? 'Nothing was lost and nothing was doubled.' : 'A promise was broken; see the figures above.';
  return ['', ...rows(result, paint), ...nameLost(findings), '', `${paint(verdict, result.ok)} It took ${result.seconds} s.`].join('\n');
};
