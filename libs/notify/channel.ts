import type { NoticeMessage } from './notice-message.ts';

export const CHANNEL_NAMES = ['slack', 'webhook', 'email'] as const;
export type ChannelName = (typeof CHANNEL_NAMES)[number];

/** A way to reach people. */
export type Channel = {
  name: ChannelName;
  /** Hands a message over, and says what came back, in a few words without a secret. Throws `ChannelFailure`. */
  send(message: NoticeMessage): Promise<string>;
  /** Ends open connections. */
  close(): Promise<void>;
};

/** A message that was not taken. Its words hold no secret. */
export class ChannelFailure extends Error {
  override readonly name = 'ChannelFailure';
  constructor(
    message: string,
    /** How long the other side asks to be left alone. */
    readonly retryAfterMs = 0,
  ) {
    super(message);
  }
}
