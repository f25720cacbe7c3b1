import type { Msg } from '@nats-io/nats-core';

/** A message of a pull consumer and the answers that its server takes (JetStream's acknowledgement protocol). */
export type PulledMessage = {
  msg: Msg;
  redelivered: boolean;
  ack(): void;
  /** Comes again after `delayMs`. */
  nak(delayMs: number): void;
  /** Never comes again. */
  term(): void;
  /** Still being handled: the server's patience begins anew. */
  working(): void;
};

/** The reply subject is `$JS.ACK.<stream>.<consumer>.<delivered>…`, with domain and account before the stream on newer servers. */
const deliveries = (reply: string): number => {
  const tokens = reply.split('.');
  return Number(tokens.length >= 11 ? tokens[6] : tokens[4]);
};

export const pulledMessage = (msg: Msg): PulledMessage => ({
  msg,
  redelivered: deliveries(msg.reply ?? '') > 1,
  ack: () => void msg.respond('+ACK'),
  nak: (delayMs) => void msg.respond(`-NAK {"delay": ${delayMs * 1_000_000}}`),
  term: () => void msg.respond('+TERM'),
  working: () => void msg.respond('+WPI'),
});
