/** What becomes of a message that was handled: finished, come back after a while, or set aside for a person. */
export type Settlement =
  | { kind: 'done'; why?: string }
  | { kind: 'retry'; afterMs: number; why: string }
  | { kind: 'park'; code: string; why: string };

export const done = (why?: string): Settlement => ({ kind: 'done', why });
export const retry = (afterMs: number, why: string): Settlement => ({ kind: 'retry', afterMs, why });
export const park = (code: string, why: string): Settlement => ({ kind: 'park', code, why });
