import { circuitBreaker, CircuitState, ConsecutiveBreaker, DelegateBackoff, handleWhen, isBrokenCircuitError } from 'cockatiel';
import { PartnerFailure } from '../partner-failure.ts';
import type { Clock } from './clock.ts';

export type GateOptions = {
  /** Transient failures in a row after which the breaker opens. */
  failures: number;
  /** How long it stays open at first, and at most, in ms; it doubles with each probe that fails. */
  firstOpenMs: number;
  maxOpenMs: number;
};

/** Why an account is not called now, and until when (ms since the epoch). */
export type Closed = { why: 'breaker-open' | 'held'; until: number; reason: string };

/** Whether one account of a partner may be called. Knows the breaker, and waits that the partner asked for. */
export type AccountGate = {
  closed(): Closed | undefined;
  /** Makes a call through the breaker. Throws what the call throws, or `GateClosed` when no call was made. */
  call<T>(work: () => Promise<T>): Promise<T>;
  /** No calls until then (ms since the epoch). */
  hold(until: number, reason: string): void;
  /** Called whenever the gate may have opened or closed. */
  onChange(listener: () => void): void;
};

/** No call was made, and none will be until then (ms since the epoch). The message is safe to log. */
export class GateClosed extends Error {
  override readonly name = 'GateClosed';
  constructor(readonly until: number, why = 'The breaker is open; no call was made.') {
    super(why);
  }
}

const isTransient = (error: unknown): boolean => error instanceof PartnerFailure && error.failureClass === 'transient' && error.details.notAsked !== 'ours';

/** Opens after consecutive transient failures; a single probe at a time decides whether it closes again. */
export const createAccountGate = (options: GateOptions, clock: Clock): AccountGate => {
  const listeners: (() => void)[] = [];
  let openUntil = 0;
  let openMs = 0;
  let held: (Closed & { ms: number }) | undefined;

  const openForMs = (attempt: number): number => Math.min(options.maxOpenMs, options.firstOpenMs * 2 ** Math.min(attempt, 20));
  const changed = (): void => listeners.forEach((listener) => listener());
  const changeAt = (until: number): void => clock.after(Math.max(1, until - clock.now()), changed);

  const breaker = circuitBreaker(handleWhen(isTransient), {
    breaker: new ConsecutiveBreaker(options.failures),
    halfOpenAfter: new DelegateBackoff(({ attempt }: { attempt: number }) => {
      openMs = openForMs(Math.max(0, attempt - 1));
      openUntil = clock.now() + openMs;
      // The breaker would measure this by the machine's time of day, which may jump: it is measured here, by `isOpen`.
      return -Infinity;
    }),
  });
  breaker.onBreak(() => {
    changed();
    changeAt(openUntil);
  });
  breaker.onReset(changed);

  /** A wait that has become longer than it was made means that the clock was set back: it is over. */
  const lasts = (until: number, ms: number): boolean => until > clock.now() && until - clock.now() <= ms;
  const isOpen = (): boolean => breaker.state === CircuitState.Open && lasts(openUntil, openMs);

  return {
    closed: () => {
      if (held !== undefined && lasts(held.until, held.ms)) return { why: held.why, until: held.until, reason: held.reason };
      if (isOpen()) return { why: 'breaker-open', until: openUntil, reason: 'too many calls failed in a row' };
      return undefined;
    },
    call: async (work) => {
      if (isOpen()) throw new GateClosed(openUntil);
      try {
        return await breaker.execute(work);
      } catch (error) {
        if (isBrokenCircuitError(error)) throw new GateClosed(Math.max(openUntil, clock.now() + 100));
        throw error;
      }
    },
    hold: (until, reason) => {
      const longest = held !== undefined && lasts(held.until, held.ms) ? Math.max(until, held.until) : until;
      held = { why: 'held', until: longest, ms: longest - clock.now(), reason };
      changed();
      changeAt(held.until);
    },
    onChange: (listener) => void listeners.push(listener),
  };
};
