import type { Lane } from './command.ts';

/** A subject token: what NATS allows between dots without meaning anything else. */
const TOKEN = /^[A-Za-z0-9_-]+$/;

/** Makes one subject token of any text: characters that NATS gives a meaning, or cannot carry, become `_`. */
export const asToken = (text: string): string => (TOKEN.test(text) ? text : text.replace(/[^A-Za-z0-9_-]/g, '_') || '_');

/** A name that needs no repair: what nearly every partner sends. */
const PLAIN_NAME = /^[A-Za-z0-9_-]{1,40}(\.[A-Za-z0-9_-]{1,40}){0,3}$/;

/** Makes the name part of an event type (`invoice.paid`) of a partner's own words: at most 12 parts of 64 characters, empty ones dropped. */
export const asEventName = (text: string): string => {
  if (PLAIN_NAME.test(text)) return text;
  const parts = text.split('.').filter((part) => part !== '').slice(0, 12);
  return parts.length === 0 ? '_' : parts.map((part) => asToken(part.slice(0, 64))).join('.');
};

/** `evt.<partner>.<integration>.<category>.<name…>` */
export const eventSubject = (event: { partner: string; integration: string; type: string }): string =>
  `evt.${event.partner}.${event.integration}.${event.type}`;

/** `cmd.<partner>.<lane>.<integration>.<action>` */
export const commandSubject = (command: { partner: string; lane: Lane; integration: string; action: string }): string =>
  `cmd.${command.partner}.${command.lane}.${command.integration}.${command.action}`;

/** Every command of one account in one lane: what a connector's consumer filters by. */
export const laneSubject = (partner: string, lane: Lane, integration: string): string => `cmd.${partner}.${lane}.${integration}.>`;

/**
 * The streams by name. Each partner has a work queue of its own: NATS grants by whole words of a subject, and a stream's name is one, so that
 * a connector can be given its own queue and no other.
 */
export const STREAMS = { events: 'EVENTS', commandsOf: (partner: string): string => `COMMANDS_${partner}` } as const;

/** The router's consumer of `EVENTS`, by name. */
export const ROUTER_CONSUMER = 'router';
