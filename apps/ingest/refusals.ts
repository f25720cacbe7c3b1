import { refuse, type Refusal } from './webhook-stages.ts';

/** Refusals that more than one place decides. */

/** How long a sender may wait for the log to come back before it tries again. */
const LOG_RETRY_AFTER_S = 5;

export const logUnavailable = (): Refusal =>
  refuse('log-unavailable', 'The event log cannot be written now, so nothing is accepted. Send again shortly.', LOG_RETRY_AFTER_S);

/** How long until an operator may have given a master key back. */
const KEY_RETRY_AFTER_S = 60;

export const personUnreadable = (why: string): Refusal =>
  refuse('secret-missing', `The key of a person whom this names cannot be opened, so it cannot be kept sealed. ${why} Give the master key back; send again then.`, KEY_RETRY_AFTER_S);

export const tooLarge = (maxBytes: number): Refusal => refuse('too-large', `The body is larger than ${maxBytes} bytes.`);
