import type { Lane } from './command.ts';

/** A subject token: what NATS allows between dots without meaning anything else. */
const TOKEN = /^[A-Za-z0-9_-]+$/;

/** Makes one subject token of any text: characters that NATS gives a meaning, or cannot carry, become `_`. */
export const asToken = (text: string): string => (TOKEN.test(text) ? text : text.replace(/[^A-Za-z0-9_-]/g, '_') || '_');

/** Makes the name part of an event type (`invoice.paid`) of a partner's own words; empty parts are dropped. */
export const asEventName = (text: string): string => {
  const parts = text.split('.').filter((part) => part !== '');
  return parts.length === 0 ? '_' : parts.slice(0, 12).map(asToken).join('.').slice(0, 200);
};

/** `evt.<partner>.<integration>.<category>.<name…>` */
export const eventSubject = (event: { partner: string; integration: string; type: string }): string =>
  `evt.${event.partner}.${event.integration}.${event.type}`;

/** `cmd.<partner>.<lane>.<integration>.<action>` */
export const commandSubject = (command: { partner: string; lane: Lane; integration: string; action: string }): string =>
  `cmd.${command.partner}.${command.lane}.${command.integration}.${command.action}`;

/** Every command of one account in one lane: what a connector's consumer filters by. */
export const laneSubject = (partner: string, lane: Lane, integration: string): string => `cmd.${partner}.${lane}.${integration}.>`;

export const STREAMS = { events: 'EVENTS', commands: 'COMMANDS' } as const;
