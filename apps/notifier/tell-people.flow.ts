import type { NoticeKey, NoticeMessage } from '#notify';
import type { Trouble } from './conditions/facts.ts';
import type { Findings } from './conditions/find-troubles.ts';
import type { Book } from './keep-book.ts';
import type { Moment } from './moment.ts';
import type { Watch } from './watch-conditions.ts';
import type { News } from './write-message.ts';

type Needs = {
  /** Looks at the hub. */
  find(): Promise<Findings>;
  watch: Watch;
  book: Book;
  /** Puts everything that is to be told at once into the message of this id. */
  write(news: News[], paper: { id: string; now: number; others: number }): NoticeMessage;
  /** Takes a message for all channels, with what it tells of and who asked for it; does not wait for any of them. */
  post(message: NoticeMessage, about: { keys: NoticeKey[]; traceparent: string }): void;
  /** Messages that no channel has taken yet, by their ids. */
  untaken(): string[];
  now(): Moment;
  remindMs: number;
};

/** One look: the id that its message would have, and the `traceparent` that belongs to it. */
type Look = { id: string; traceparent: string };

type Told = { key: NoticeKey; news: News };

const claimNew = async ({ watch, book }: Needs, id: string, now: Moment): Promise<Told[]> => {
  const told: Told[] = [];
  for (const { trouble, since } of watch.held(now)) {
    const { condition, subject } = trouble;
    if (await book.claim({ condition, subject, since }, id, now)) told.push({ key: { condition, subject }, news: { kind: 'opened', trouble, since } });
  }
  return told;
};

const claimReminders = async ({ watch, book, remindMs }: Needs, id: string, now: Moment): Promise<Told[]> => {
  const told: Told[] = [];
  const troubles = new Map<string, Trouble>(watch.held(now).map(({ trouble }) => [`${trouble.condition} ${trouble.subject}`, trouble]));
  for (const { condition, subject, since } of book.open()) {
    const key = { condition, subject };
    const trouble = troubles.get(`${key.condition} ${key.subject}`);
    if (trouble !== undefined && (await book.remind(key, id, now, remindMs))) told.push({ key, news: { kind: 'reminded', trouble, since } });
  }
  return told;
};

const claimRecoveries = async ({ watch, book }: Needs, id: string, now: Moment): Promise<Told[]> => {
  const told: Told[] = [];
  for (const { condition, subject, since } of book.open()) {
    const key = { condition, subject };
    if (watch.isOver(key, now) && (await book.recover(key, id, now))) told.push({ key, news: { kind: 'recovered', key, since } });
  }
  return told;
};

/**
 * One look at the hub: what has been wrong for long enough, what people were told of a while ago, and what is over, go out as one
 * message. Answers what was told. Of several notifiers one tells each thing, which the book sees to; what a process left untold when it
 * died, of whatever kind, is told by another.
 */
export const tellPeople = (needs: Needs) => async ({ id, traceparent }: Look): Promise<News[]> => {
  const { watch, book, now: clock } = needs;
  const findings = await needs.find();
  const now = clock();
  watch.look(findings, now);
  await book.refresh(now);
  // Before anything else is claimed: what this process is still telling is not another's to tell.
  await book.renew(needs.untaken(), now);
  const reminders = await claimReminders(needs, id, now);
  const told = [...(await claimNew(needs, id, now)), ...reminders, ...(await claimRecoveries(needs, id, now))];
  const news = told.map((one) => one.news);
  if (told.length === 0) return news;
  const wrong = news.filter(({ kind }) => kind !== 'recovered').length;
  const others = book.open().filter(({ telling }) => telling !== 'recovered').length - wrong;
  needs.post(needs.write(news, { id, now: now.at, others }), { keys: told.map(({ key }) => key), traceparent });
  return news;
};
