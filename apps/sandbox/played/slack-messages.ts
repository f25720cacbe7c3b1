/** A message as it stands in a channel; `atUs` is its `ts` in microseconds. */
export type StoredMessage = { atUs: number; ts: string; thread?: string; text: string; metadata?: unknown };

/** Per channel; beyond it the older half is forgotten. */
const KEPT = 100_000;

/** Microseconds. Without a thread, what stands in the channel itself. */
export type Range = { thread?: string; oldestUs: number; beforeUs: number; limit: number };

export type Page = { messages: StoredMessage[]; nextUs?: number };

const tsOf = (atUs: number): string => `${Math.floor(atUs / 1_000_000)}.${String(atUs % 1_000_000).padStart(6, '0')}`;

/** What stands in the channels of the played workspace, oldest first. */
export class SlackMessages {
  private readonly channels = new Map<string, StoredMessage[]>();
  private lastUs = 0;

  post(channel: string, nowMs: number, message: Omit<StoredMessage, 'atUs' | 'ts'>): string {
    // A ts names its message, so no two are equal.
    this.lastUs = Math.max(this.lastUs + 1, nowMs * 1_000);
    const ts = tsOf(this.lastUs);
    const messages = this.channels.get(channel) ?? [];
    if (messages.length === 0) this.channels.set(channel, messages);
    messages.push({ ...message, atUs: this.lastUs, ts });
    if (messages.length > KEPT) messages.splice(0, KEPT / 2);
    return ts;
  }

  /** Newest first, between the two moments (both outside), in the channel itself or in one thread. */
  page(channel: string, { thread, oldestUs, beforeUs, limit }: Range): Page {
    const messages = this.channels.get(channel) ?? [];
    const page: StoredMessage[] = [];
    for (let index = messages.length - 1; index >= 0 && messages[index]!.atUs > oldestUs; index -= 1) {
      const message = messages[index]!;
      if (message.atUs >= beforeUs || (thread === undefined ? message.thread !== undefined : message.thread !== thread)) continue;
      if (page.length === limit) return { messages: page, nextUs: page.at(-1)!.atUs };
      page.push(message);
    }
    return { messages: page };
  }

  clear(): void {
    this.channels.clear();
  }
}
