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

/**
 * A message names itself by its number in the stream. A server that started anew may have lost the end of the stream and given
 * that number to another message: what an earlier server handed over (`current` is false) is not answered. It comes again.
 */
export const pulledMessage = (msg: Msg, current: () => boolean): PulledMessage => {
  const respond = (answer: string): void => void (current() && msg.respond(answer));
  return {
    msg,
    redelivered: deliveries(msg.reply ?? '') > 1,
    ack: () => respond('+ACK'),
    nak: (delayMs) => respond(`-NAK {"delay": ${delayMs * 1_000_000}}`),
    term: () => respond('+TERM'),
    working: () => respond('+WPI'),
  };
};
