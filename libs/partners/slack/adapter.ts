import { PartnerFailure, type Call } from '#partner-kit';

export type MessageInput = { channel?: string; thread_ts?: string; [parameter: string]: unknown };

/** Under which metadata our reference travels with a message. */
export const EVENT_TYPE = 'trunkline_command';

export type Metadata = { event_type: string; event_payload: { command_id?: unknown } };

/** The channel a message goes to: its own, else the account's. */
export const channelOf = (call: Call): string => {
  const channel = (call.input as MessageInput).channel ?? call.account.settings['channel'];
  if (channel) return channel;
  throw new PartnerFailure('client', 'input-invalid', 'the message names no channel, and the account has no setting "channel"');
};

/** The message as chat.postMessage takes it, with our reference in its metadata. docs.slack.dev/messaging/message-metadata */
export const toMessage = (call: Call): object => ({
  ...(call.input as MessageInput),
  channel: channelOf(call),
  metadata: { event_type: EVENT_TYPE, event_payload: { command_id: call.idempotencyKey } } satisfies Metadata,
});

/** Whether a message from a channel's history is the one that a command posted. */
export const isOurs = (message: { metadata?: Partial<Metadata> }, commandId: string): boolean =>
  message.metadata?.event_type === EVENT_TYPE && message.metadata.event_payload?.command_id === commandId;
