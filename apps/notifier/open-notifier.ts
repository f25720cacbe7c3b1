import { endsWithin } from '#boot';
import type { Bus } from '#bus';
import { newCorrelationId } from '#contract';
import type { Database, EventLog } from '#event-log';
import { openNoticeLedger, type Channel, type NoticeKey, type NoticeMessage } from '#notify';
import { count, METRICS, withSpan, type Logger } from '#telemetry';
import { findTroubles } from './conditions/find-troubles.ts';
import { deliverMessages, type Deliveries, type Delivery } from './deliver-messages.ts';
import { gatherFacts } from './gather-facts.ts';
import { keepBook, type Book } from './keep-book.ts';
import type { Moment } from './moment.ts';
import type { NotifierConfig } from './notifier.config.ts';
import { tellPeople } from './tell-people.flow.ts';
import { traceChannel, type Asked } from './trace-channel.ts';
import { watchConditions } from './watch-conditions.ts';
import { writeMessage, type News } from './write-message.ts';

export type Notifier = {
  /** One look, and one try of what could not be handed over before. Resolves when every channel has answered. */
  look(): Promise<void>;
  start(): void;
  /** No look begins any more; the one at hand is finished. */
  stop(): Promise<void>;
  /** What must work for people to be told, by name. */
  checks(): Record<string, () => boolean>;
};

type Parts = { db: Database; log: Pick<EventLog, 'manifests'>; bus(): Bus | undefined; channels: readonly Channel[]; config: NotifierConfig; logger: Logger; now(): Moment; machineNow(): number };

/** How long a gentle stop waits for channels beyond what they have in hand. */
const DRAIN_MS = 4_000;

/** A condition that one look did not see is not over by that. */
const GAP_LOOKS = 2;

const noteDelivery = (logger: Logger, delivery: Delivery, keys: readonly NoticeKey[]): void => {
  const { channel, message, outcome } = delivery;
  for (const { condition } of keys) count(METRICS.notices, { condition, channel, outcome });
  const about = { channel, message: message.id, title: message.title, notices: keys.length };
  if (outcome === 'sent') logger.info({ ...about, said: delivery.said }, 'people were told');
  else if (outcome === 'failed') logger.warn({ ...about, why: delivery.why, againAfterMs: delivery.afterMs }, 'a channel did not take a notice; it is tried again');
  else logger.error({ ...about, why: delivery.why }, 'a channel took a notice for so long not that it is given up');
};

/** A look and what comes of it are one trace, whose id is that of the message. There is none of a look that had nothing to tell. */
const traced = (now: () => Moment, tell: (look: { id: string; traceparent: string }) => Promise<News[]>): Promise<void> => {
  const id = newCorrelationId(now().at);
  return withSpan('notifier.look', { correlationId: id }, async (span) => {
    const news = await tell({ id, traceparent: span.traceparent });
    if (news.length === 0) span.leaveOut();
    for (const [kind, { length }] of Map.groupBy(news, (one) => one.kind)) span.set({ [`trunkline.notices.${kind}`]: length });
  });
};

type About = { keys: readonly NoticeKey[]; traceparent: string };

type Joined = { look(): Promise<void>; deliveries: Deliveries };

const joinFlow = ({ db, log, bus, channels, config, logger, now, machineNow }: Parts): Joined => {
  const book: Book = keepBook(openNoticeLedger(db));
  const about = new WeakMap<NoticeMessage, About>();
  const keysOf = (message: NoticeMessage) => about.get(message)!.keys;
  const askedBy = (message: NoticeMessage): Asked => ({ traceparent: about.get(message)!.traceparent, notices: keysOf(message).length });
  const deliveries = deliverMessages({
    channels: channels.map((channel) => traceChannel(channel, askedBy)),
    steady: () => now().steady,
    tell: async (delivery) => {
      noteDelivery(logger, delivery, keysOf(delivery.message));
      if (delivery.outcome === 'sent') await book.told(delivery.message.id, now());
    },
  });
  const gather = gatherFacts({ db, log, bus, now: () => now().at, machineNow, onUnknown: (err) => logger.debug({ err }, 'something cannot be found out now') });
  const tell = tellPeople({
    find: async () => findTroubles(await gather()),
    watch: watchConditions(GAP_LOOKS * config.everyMs),
    book,
    write: (news, paper) => writeMessage(news, { ...paper, runbooks: config.runbooks }),
    post: (message, its) => {
      about.set(message, its);
      deliveries.post(message);
    },
    untaken: () => deliveries.untaken().map(({ id }) => id),
    now,
    remindMs: config.remindMs,
  });
  return { look: () => traced(now, tell), deliveries };
};

/** Joins the notifier's flow to what it looks at and to the channels. Without a channel it idles. */
export const openNotifier = (parts: Parts): Notifier => {
  const { channels, config, logger } = parts;
  const { look, deliveries } = joinFlow(parts);
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> = Promise.resolve();
  let delivering: Promise<void> = Promise.resolve();
  let [stopped, failed] = [false, false];

  const lookOnce = async (): Promise<void> => {
    try {
      await look();
      failed = false;
    } catch (error) {
      failed = true;
      logger.error({ err: error }, 'the notifier could not look');
    }
    delivering = deliveries.pump().catch((error: unknown) => logger.error({ err: error }, 'the notifier could not put down what it told'));
  };
  const next = (): void => {
    if (!stopped) timer = setTimeout(() => void (looking = lookOnce().then(next)), config.everyMs);
  };
  return {
    look: async () => {
      await lookOnce();
      await delivering;
    },
    start: () => {
      if (channels.length > 0) return void (looking = lookOnce().then(next));
      logger.info('no channel is configured, so the notifier tells nobody of anything (see docs/notifications.md)');
    },
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await looking;
      // What was just claimed is told if that is quick; what was not, another tells, or this one in its next life.
      await endsWithin(DRAIN_MS, delivering);
      await deliveries.stop();
      await delivering;
      await Promise.all(channels.map((channel) => channel.close()));
    },
    checks: () => ({ looks: () => !failed, ...Object.fromEntries(channels.map(({ name }) => [name, () => deliveries.works(name)])) }),
  };
};
