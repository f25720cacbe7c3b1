import type { ErrorCode } from './error-codes.ts';

/** An error with a code that a program can switch on, and a sentence for a person that ends with the next step. */
export class HubError extends Error {
  override readonly name: string = 'HubError';
  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

export const isHubError = (error: unknown, code?: ErrorCode): error is HubError =>
  error instanceof HubError && (code === undefined || error.code === code);
