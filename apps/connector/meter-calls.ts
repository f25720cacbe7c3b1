import type { FailureClass } from '#contract';
import { PartnerFailure, type Action, type Call, type Partner } from '#partner-kit';
import { METRICS, record } from '#telemetry';

/** What a driver throws that is no `PartnerFailure` is a bug of ours, and judged as transient. */
const classOf = (error: unknown): FailureClass => (error instanceof PartnerFailure ? error.failureClass : 'transient');

/** A partner's actions, with the time of each call and how it ended on record. What is not called, because a breaker is open or the input does not fit, takes no time. */
export const meterCalls = ({ name: partner, actions }: Partner, nowMs: () => number): Record<string, Action> => {
  const timed = <T>(action: string, ask: (call: Call) => Promise<T>) => async (call: Call): Promise<T> => {
    const since = nowMs();
    const note = (as: FailureClass | 'ok'): void =>
      record(METRICS.callDuration, { partner, integration: call.account.integration, action, class: as }, (nowMs() - since) / 1_000);
    try {
      const answer = await ask(call);
      note('ok');
      return answer;
    } catch (error) {
      note(classOf(error));
      throw error;
    }
  };
  const metered = (name: string, action: Action): Action => ({
    ...action,
    perform: timed(name, (call) => action.perform(call)),
    ...(action.lookup && { lookup: timed(name, (call) => action.lookup!(call)) }),
  });
  return Object.fromEntries(Object.entries(actions).map(([name, action]) => [name, metered(name, action)]));
};
