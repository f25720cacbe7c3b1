import type { NoticeKey, NoticeMessage } from '#notify';
import type { Trouble } from './conditions/facts.ts';
import type { Findings } from './conditions/find-troubles.ts';
import type { Book } from './keep-book.ts';
import type { Watch } from './watch-conditions.ts';
import type { News } from './write-message.ts';

type Needs = {
  /** Looks at the hub. */
  find(): Promise<Findings>;
  watch: Watch;
  book: Book;
  /** Puts everything that is to be told at once into one message. */
  write(news: News[], now: number, others: number): NoticeMessage;
  /** Takes a message for all channels, with what it tells of; does not wait for any of them. */
  post(message: NoticeMessage, keys: NoticeKey[]): void;
  /** What messages tell of that no channel has taken yet. */
  untaken(): NoticeKey[];
  now(): number;
  remindMs: number;
};

type Told = { key: NoticeKey; news: News };

const claimNew = async ({ watch, book }: Needs, now: number): Promise<Told[]> => {
  const told: Told[] = [];
  for (const { trouble, since } of watch.held(now)) {
    const { condition, subject } = trouble;
    if (await book.claim({ condition, subject, since }, now)) told.push({ key: { condition, subject }, news: { kind: 'opened', trouble, since } });
  }
  return told;
};

const claimReminders = async ({ watch, book, remindMs }: Needs, now: number): Promise<Told[]> => {
  const told: Told[] = [];
  const troubles = new Map<string, Trouble>(watch.held(now).map(({ trouble }) => [`${trouble.condition} ${trouble.subject}`, trouble]));
  for (const { since, toldAt: _toldAt, ...key } of book.open()) {
    const trouble = troubles.get(`${key.condition} ${key.subject}`);
    if (trouble !== undefined && (await book.remind(key, now, now - remindMs))) told.push({ key, news: { kind: 'reminded', trouble, since } });
  }
  return told;
};

const claimRecoveries = async ({ watch, book }: Needs, now: number): Promise<Told[]> => {
  const told: Told[] = [];
  for (const { since, toldAt: _toldAt, ...key } of book.open()) {
    if (watch.isOver(key, now) && (await book.recover(key, now))) told.push({ key, news: { kind: 'recovered', key, since } });
  }
  return told;
};

/**
 * One look at the hub: what has been wrong for long enough, what people were told of a while ago, and what is over, go out as one
 * message. Of several notifiers one tells each thing, which the book sees to; what a process left untold when it died is told by another.
 */
export const tellPeople = (needs: Needs) => async (): Promise<void> => {
  const { watch, book, now: clock } = needs;
  const findings = await needs.find();
  const now = clock();
  watch.look(findings, now);
  await book.refresh(now);
  // Before anything else is claimed: what this process is still telling is not another's to tell.
  await book.renew(needs.untaken(), now);
  const reminders = await claimReminders(needs, now);
  const told = [...(await claimNew(needs, now)), ...reminders, ...(await claimRecoveries(needs, now))];
  if (told.length === 0) return;
  const wrong = told.filter(({ news }) => news.kind !== 'recovered').length;
  needs.post(needs.write(told.map(({ news }) => news), now, book.open().length - wrong), told.map(({ key }) => key));
};
