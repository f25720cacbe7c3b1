import { stdSerializers } from 'pino';
import { isHubError } from '#contract';
import { maskText } from './mask-text.ts';

/** An error as a log line shows it. Whatever else hangs on an error (a request, a row, an answer) stays there. */
export type ErrorFields = { type?: string; code?: string; message: string; stack?: string; errors?: string[] };

const codeOf = (error: object): string | undefined => ('code' in error && typeof error.code === 'string' ? error.code : undefined);

/** A coded error says all there is to know in its sentence; for any other, where it came from matters. Its causes are told with it. */
export const describeError = (error: unknown): ErrorFields => {
  if (isHubError(error)) return { code: error.code, message: maskText(error.message) };
  if (!(error instanceof Error)) return { message: maskText(String(error)) };
  const { type, message, stack } = stdSerializers.err(error);
  const errors = error instanceof AggregateError ? error.errors.map((one) => maskText(String(one))) : undefined;
  return { type, code: codeOf(error), message: maskText(message), stack: maskText(stack), errors };
};
