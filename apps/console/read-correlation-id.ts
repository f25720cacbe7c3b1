import { correlationIdOf } from '#contract';

const TRACE_ID = /^[0-9a-f]{32}$/;

/** A correlation id as it is kept, whether it was given as one or as the 32 hex digits of its trace id. Anything else stays as it is. */
export const readCorrelationId = (given: unknown): unknown => {
  if (typeof given !== 'string') return given;
  const text = given.trim().toLowerCase();
  return TRACE_ID.test(text) ? correlationIdOf(text) : text;
};
