import type { Effects } from '../record.ts';

/** One call as a played partner sees it; `path` begins after the partner's own prefix. */
export type SandboxCall = {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: NodeJS.Dict<string | string[]>;
  body: Buffer;
  /** The command that makes the call, as far as the call tells. */
  reference?: string;
  correlationId?: string;
};

export type SandboxAnswer = { status: number; headers?: Record<string, string>; body: string };

/** A failure that was asked for, to be worded as the partner words it. */
export type OrderedFailure = { status: number; retryAfterS?: number; remembered: boolean };

/** A partner as the sandbox plays it. Answers at once: waiting is the sandbox's business. */
export type PlayedPartner = {
  /** Called before any latency: refuses what the partner refuses while another call is under way. */
  enter?(call: SandboxCall): SandboxAnswer | undefined;
  /** Does the effect, tells the record, and answers. */
  answer(call: SandboxCall): SandboxAnswer;
  /** Called when the call is over, however it ended. */
  leave?(call: SandboxCall): void;
  /** Fails in the partner's own words, without an effect. */
  fail(call: SandboxCall, failure: OrderedFailure): SandboxAnswer;
  /** Forgets everything. */
  reset(): void;
};

export type PlayNeeds = { effects: Effects; now(): number };

export const json = (status: number, value: unknown, headers?: Record<string, string>): SandboxAnswer => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  body: JSON.stringify(value),
});

export const text = (status: number, body: string, headers?: Record<string, string>): SandboxAnswer => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8', ...headers },
  body,
});

export const headerText = (call: SandboxCall, name: string): string | undefined => {
  const value = call.headers[name];
  return typeof value === 'string' ? value : value?.[0];
};

/** The token of `Authorization: Bearer …`. */
export const bearerOf = (call: SandboxCall): string | undefined => /^Bearer\s+(\S+)$/i.exec(headerText(call, 'authorization') ?? '')?.[1];

/** A body that is a JSON object; undefined when it is anything else. */
export const jsonObject = (body: Buffer): Record<string, unknown> | undefined => {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
};
