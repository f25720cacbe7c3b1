import type { Msg, Subscription } from '@nats-io/nats-core';
import { HubError, type Message } from '#contract';
import { requireConnection, type Bus } from './connect-bus.ts';
import { encodeHeaders } from './headers.ts';

/** A message and what JetStream recognises its twins by. */
export type Outgoing = Message & { subject: string; msgId: string };

/** `duplicate` means that the stream has it already; `full` that the subject's queue takes no more. */
export type Published = { kind: 'stored'; seq: number } | { kind: 'duplicate'; seq: number } | { kind: 'full' };

export type Publisher = {
  /**
   * Publishes all, in order, and answers in that order when the last is acknowledged. Throws `bus-unavailable`, also when the
   * server is not `serverId`, where that is given: nothing is stored by another one.
   */
  publish(messages: readonly Outgoing[], serverId?: string): Promise<Published[]>;
  close(): void;
};

const ACK_TIMEOUT_MS = 3_000;
const IN_FLIGHT = 500;
const FULL = new Set([10_077, 10_122, 10_047]);

type Waiting = { settle(result: Published): void; fail(error: Error): void };

const readAck = (msg: Msg): Published | Error => {
  if (msg.data.length === 0) return new HubError('bus-unavailable', 'JetStream does not answer: no stream takes this subject now.');
  const ack = msg.json<{ seq?: number; duplicate?: boolean; error?: { err_code: number; description: string } }>();
  if (ack.error === undefined) return { kind: ack.duplicate === true ? 'duplicate' : 'stored', seq: ack.seq ?? 0 };
  if (FULL.has(ack.error.err_code)) return { kind: 'full' };
  return new HubError('bus-unavailable', `JetStream refused a message: ${ack.error.description}.`);
};

/**
 * Publishes to JetStream with one inbox for all acknowledgements and one timer per batch: what a request per message costs
 * is mostly its bookkeeping.
 */
export const openPublisher = (bus: Bus): Publisher => {
  const inbox = bus.newInbox();
  const waiting = new Map<string, Waiting>();
  let next = 0;

  const subscription: Subscription = bus.nc.subscribe(`${inbox}.*`, {
    callback: (error, msg) => {
      if (error) return;
      const token = msg.subject.slice(inbox.length + 1);
      const entry = waiting.get(token);
      if (entry === undefined) return;
      waiting.delete(token);
      const ack = readAck(msg);
      if (ack instanceof Error) entry.fail(ack);
      else entry.settle(ack);
    },
  });

  const publishSome = (messages: readonly Outgoing[]): Promise<Published[]> =>
    new Promise((resolve, reject) => {
      const results: Published[] = Array.from({ length: messages.length });
      const tokens: string[] = [];
      let missing = messages.length;
      const fail = (error: Error): void => {
        clearTimeout(timer);
        for (const token of tokens) waiting.delete(token);
        reject(error);
      };
      const timer = setTimeout(() => fail(new HubError('bus-unavailable', `JetStream did not confirm ${missing} messages in time.`)), ACK_TIMEOUT_MS);
      messages.forEach((message, i) => {
        const token = (next++).toString(36);
        tokens.push(token);
        waiting.set(token, {
          fail,
          settle: (result) => {
            results[i] = result;
            missing -= 1;
            if (missing > 0) return;
            clearTimeout(timer);
            resolve(results);
          },
        });
        const headers = encodeHeaders({ 'Nats-Msg-Id': message.msgId, ...message.headers });
        bus.nc.publish(message.subject, message.body, { headers, reply: `${inbox}.${token}` });
      });
    });

  return {
    publish: async (messages, serverId) => {
      const results: Published[] = [];
      for (let i = 0; i < messages.length; i += IN_FLIGHT) {
        requireConnection(bus);
        // What is written now goes to this server or nowhere: the client drops its buffer when the connection ends.
        if (serverId !== undefined && bus.serverId() !== serverId) throw new HubError('bus-unavailable', 'NATS was restarted. It is looked at before anything more is published.');
        results.push(...(await publishSome(messages.slice(i, i + IN_FLIGHT))));
      }
      return results;
    },
    close: () => subscription.unsubscribe(),
  };
};
