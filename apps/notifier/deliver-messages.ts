import { ChannelFailure, type Channel, type ChannelName, type NoticeMessage } from '#notify';

/** What became of handing a message to a channel: what it said, or why it did not take it and after how many ms it is tried again. */
export type Delivery = { channel: ChannelName; message: NoticeMessage } & ({ outcome: 'sent'; said: string } | { outcome: 'failed'; why: string; afterMs: number } | { outcome: 'given-up'; why: string });

type Needs = {
  channels: readonly Channel[];
  /** Time that only ever passes, in ms. */
  steady(): number;
  tell(delivery: Delivery): void | Promise<void>;
};

export type Deliveries = {
  /** Takes a message for every channel. */
  post(message: NoticeMessage): void;
  /** Hands over what is due, each channel for itself. Resolves when no channel has anything to do now. */
  pump(): Promise<void>;
  /** Whether a channel took what it was last handed; true as well before the first time. */
  works(channel: ChannelName): boolean;
  /** Messages that no channel has taken yet. */
  untaken(): NoticeMessage[];
  /** Each channel finishes what it has in hand, and begins nothing more. */
  stop(): Promise<void>;
};

const FIRST_REST_MS = 5_000;
const LONGEST_REST_MS = 300_000;
/** What is older than this helps nobody any more. */
const KEPT_MS = 86_400_000;
const KEPT = 100;

type Line = { channel: Channel; waiting: { message: NoticeMessage; since: number }[]; failures: number; notBefore: number; why: string; running: Promise<void> | undefined };

const restMs = (failures: number): number => Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** (failures - 1));

/** Hands messages to channels, in order, and again after a growing while; a channel that fails holds up no other one. */
export const deliverMessages = ({ channels, steady, tell }: Needs): Deliveries => {
  const lines = channels.map((channel): Line => ({ channel, waiting: [], failures: 0, notBefore: -Infinity, why: '', running: undefined }));
  const taken = new WeakSet<NoticeMessage>();
  let stopping = false;

  const giveUpOld = async ({ channel, waiting, why }: Line): Promise<void> => {
    while (waiting.length > KEPT || (waiting.length > 0 && steady() - waiting[0]!.since > KEPT_MS)) {
      await tell({ channel: channel.name, message: waiting.shift()!.message, outcome: 'given-up', why });
    }
  };
  const handOver = async (line: Line, message: NoticeMessage): Promise<boolean> => {
    const { channel } = line;
    try {
      const said = await channel.send(message);
      line.failures = 0;
      taken.add(message);
      await tell({ channel: channel.name, message, outcome: 'sent', said });
      return true;
    } catch (error) {
      if (!(error instanceof ChannelFailure)) throw error;
      line.failures += 1;
      line.why = error.message;
      const afterMs = Math.max(error.retryAfterMs, restMs(line.failures));
      line.notBefore = steady() + afterMs;
      await tell({ channel: channel.name, message, outcome: 'failed', why: error.message, afterMs });
      return false;
    }
  };
  const work = async (line: Line): Promise<void> => {
    await giveUpOld(line);
    while (!stopping && line.waiting.length > 0 && steady() >= line.notBefore && (await handOver(line, line.waiting[0]!.message))) line.waiting.shift();
  };
  const atRest = async (): Promise<void> => void (await Promise.all(lines.map((line) => line.running)));
  return {
    post: (message) => lines.forEach((line) => line.waiting.push({ message, since: steady() })),
    pump: async () => {
      for (const line of lines) line.running ??= work(line).finally(() => (line.running = undefined));
      await atRest();
    },
    works: (name) => lines.every(({ channel, failures }) => channel.name !== name || failures === 0),
    untaken: () => [...new Set(lines.flatMap(({ waiting }) => waiting.map(({ message }) => message)))].filter((message) => !taken.has(message)),
    stop: () => {
      stopping = true;
      return atRest();
    },
  };
};
