import { seededRandom } from './seeded-random.ts';

/** Faults on demand. Rates are shares of calls from 0 to 1; together at most 1. */
export type FaultOrder = {
  /** Fails without an effect, with `status`. */
  failRate: number;
  status: number;
  retryAfterS?: number;
  /** Whether a failure stays bound to its idempotency key, where the partner has such a memory (Stripe). */
  remembered: boolean;
  /** Never answers and has no effect; the socket is held until the caller gives up. */
  timeoutRate: number;
  /** Has its effect, then destroys the socket: the answer is lost. */
  dropAfterEffect: number;
  /** Has its effect, then answers with half a JSON text. */
  unreadableRate: number;
  latencyMs: number;
  /** Calls per second beyond which 429 is answered; 0 is no limit. */
  perSecond: number;
  seed: number;
};

export const NO_FAULTS: FaultOrder = {
  failRate: 0, status: 503, remembered: false, timeoutRate: 0, dropAfterEffect: 0, unreadableRate: 0, latencyMs: 0, perSecond: 0, seed: 1,
};

export type Fate = 'answer' | 'fail' | 'timeout' | 'drop' | 'garble' | 'limit';

/** Decides the fate of one partner's calls, in the same order for the same seed. */
export class Faults {
  order: FaultOrder = NO_FAULTS;
  private random = seededRandom(NO_FAULTS.seed);
  private second = 0;
  private inSecond = 0;

  constructor(private readonly now: () => number) {}

  set(order: FaultOrder): void {
    this.order = order;
    this.random = seededRandom(order.seed);
    this.inSecond = 0;
  }

  next(): Fate {
    const { failRate, timeoutRate, dropAfterEffect, unreadableRate, perSecond } = this.order;
    if (perSecond > 0 && this.isOver(perSecond)) return 'limit';
    if (failRate + timeoutRate + dropAfterEffect + unreadableRate === 0) return 'answer';
    let draw = this.random();
    if ((draw -= failRate) < 0) return 'fail';
    if ((draw -= timeoutRate) < 0) return 'timeout';
    if ((draw -= dropAfterEffect) < 0) return 'drop';
    return draw - unreadableRate < 0 ? 'garble' : 'answer';
  }

  private isOver(perSecond: number): boolean {
    const second = Math.floor(this.now() / 1000);
    if (second !== this.second) [this.second, this.inSecond] = [second, 0];
    this.inSecond += 1;
    return this.inSecond > perSecond;
  }
}

const RATES = ['failRate', 'timeoutRate', 'dropAfterEffect', 'unreadableRate'] as const;
const NUMBERS = ['status', 'latencyMs', 'perSecond', 'seed', 'retryAfterS'] as const;

const isRate = (value: unknown): boolean => typeof value === 'number' && value >= 0 && value <= 1;

/** Reads a fault order; what it leaves out is no fault. Answers in a sentence what is wrong with it. */
export const readFaultOrder = (given: Record<string, unknown>): FaultOrder | string => {
  const order: Record<string, unknown> = { ...NO_FAULTS };
  for (const [name, value] of Object.entries(given)) {
    if (name === 'partner') continue;
    if (name === 'remembered' && typeof value === 'boolean') order[name] = value;
    // "true" reads well for something that is to happen every time.
    else if (RATES.includes(name as never) && (isRate(value) || typeof value === 'boolean')) order[name] = Number(value);
    else if (NUMBERS.includes(name as never) && typeof value === 'number' && value >= 0) order[name] = value;
    else return `${name} is not a fault, or ${JSON.stringify(value)} is not a value for it`;
  }
  const together = RATES.reduce((sum, name) => sum + (order[name] as number), 0);
  return together > 1.000_001 ? 'the rates together are more than 1' : (order as FaultOrder);
};
