import type { NoticeEntry, NoticeKey, NoticeMessage } from '#notify';
import { CONDITIONS, isCondition, type Condition } from './conditions/catalogue.ts';
import type { Trouble } from './conditions/facts.ts';
import { roughly } from './conditions/hub-conditions.ts';

/** One thing to tell: that something is wrong, that it still is, or that it is over. Times are in ms since the epoch. */
export type News =
  | { kind: 'opened' | 'reminded'; trouble: Trouble; since: number }
  | { kind: 'recovered'; key: NoticeKey; since: number };

type Paper = {
  id: string;
  now: number;
  /** How many more things are wrong. */
  others: number;
  /** Goes before a runbook's file name. */
  runbooks: string;
};

/** A telephone shows about this many in full. */
const IN_FULL = 5;
const IN_BRIEF = 15;

/** `11:02 UTC` of the same day, else with its date. */
const clockTime = (ms: number, now: number): string => {
  const [at, today] = [new Date(ms).toISOString(), new Date(now).toISOString()];
  return at.slice(0, 10) === today.slice(0, 10) ? `${at.slice(11, 16)} UTC` : `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;
};

const UNKNOWN: Pick<Condition, 'title' | 'severity'> = { title: 'Something that this version does not watch', severity: 'ticket' };

const conditionOf = (name: string): Partial<Condition> & typeof UNKNOWN => (isCondition(name) ? CONDITIONS[name] : UNKNOWN);

const subjectOf = (subject: string): string => (subject === '' ? 'the hub' : subject);

const keyOf = (news: News): NoticeKey => (news.kind === 'recovered' ? news.key : news.trouble);

const headingOf = (news: News): string => {
  const { condition, subject } = keyOf(news);
  if (news.kind === 'recovered') return `Over: ${subjectOf(subject)}: ${conditionOf(condition).title}`;
  return `${news.kind === 'reminded' ? 'Still: ' : ''}${subjectOf(subject)}: ${news.trouble.what}`;
};

/** An account's name in place of the one that an action leaves open. */
const actionFor = (action: string, subject: string): string => action.replace('<partner>', subject.split('/')[0]!);

const linesOf = (news: News, now: number): string[] => {
  if (news.kind === 'recovered') return [`It began at ${clockTime(news.since, now)} and lasted ${roughly((now - news.since) / 1_000)}.`];
  const { trouble, since } = news;
  const { cause, action } = conditionOf(trouble.condition);
  const good = trouble.lastGoodAt === undefined ? '' : `; last good ${clockTime(Date.parse(trouble.lastGoodAt), now)}`;
  return [`Since ${clockTime(since, now)}${good}.`, ...(cause === undefined ? [] : [`Why: ${cause}`]), ...(action === undefined ? [] : [`Do: ${actionFor(action, trouble.subject)}`])];
};

const dataOf = (news: News, runbooks: string): Record<string, unknown> => {
  const { condition, subject } = keyOf(news);
  const { title, severity, cause, action, runbook } = conditionOf(condition);
  const [partner, integration] = subject.includes('/') ? subject.split('/') : [];
  const { what, lastGoodAt } = news.kind === 'recovered' ? { what: undefined, lastGoodAt: undefined } : news.trouble;
  return { kind: news.kind, condition, title, severity, subject, partner, integration, what, since: new Date(news.since).toISOString(), lastGoodAt, cause, action, runbook: runbook && runbooks + runbook };
};

const entryOf = (news: News, { now, runbooks }: Paper, isFull: boolean): NoticeEntry => {
  const { runbook } = conditionOf(keyOf(news).condition);
  const heading = headingOf(news);
  const data = dataOf(news, runbooks);
  if (!isFull) return { heading, lines: [], data };
  return { heading, lines: linesOf(news, now), link: news.kind === 'recovered' || runbook === undefined ? undefined : runbooks + runbook, data };
};

const titleOf = (news: readonly News[]): string => {
  if (news.length === 1) return `Trunkline: ${headingOf(news[0]!)}`;
  const over = news.filter(({ kind }) => kind === 'recovered').length;
  const wrong = news.length - over;
  const parts = [...(wrong > 0 ? [`${wrong} ${wrong === 1 ? 'thing is' : 'things are'} wrong`] : []), ...(over > 0 ? [`${over} ${over === 1 ? 'is' : 'are'} over`] : [])];
  return `Trunkline: ${parts.join(', ')}`;
};

const closingOf = (unshown: number, others: number): string | undefined => {
  const said = [
    ...(unshown > 0 ? [`${unshown} more are not shown here.`] : []),
    ...(others > 0 ? [`Besides, ${others === 1 ? 'one other thing is' : `${others} other things are`} wrong.`] : []),
  ];
  return said.length === 0 ? undefined : said.join(' ');
};

/** Puts everything that is to be told at once into one message, what is wrong first, with as much detail as a telephone can show. */
export const writeMessage = (news: readonly News[], paper: Paper): NoticeMessage => {
  const sorted = [...news.filter(({ kind }) => kind !== 'recovered'), ...news.filter(({ kind }) => kind === 'recovered')];
  const shown = sorted.slice(0, IN_FULL + IN_BRIEF);
  return {
    id: paper.id,
    at: new Date(paper.now).toISOString(),
    title: titleOf(sorted),
    entries: shown.map((one, index) => entryOf(one, paper, index < IN_FULL)),
    closing: closingOf(sorted.length - shown.length, paper.others),
  };
};
