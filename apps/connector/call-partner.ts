import { HubError, type OpenCommand } from '#contract';
import { GateClosed, PartnerFailure, type Action, type Call } from '#partner-kit';
import type { Account } from './accounts.ts';
import type { Attempt, Claimed } from './attempt.ts';
import type { InputCheck } from './check-input.ts';

type Credentials = Readonly<Record<string, string>>;

type Needs = {
  action(name: string): Action | undefined;
  /** What is wrong with an input, in words; undefined when it fits. */
  checkInput: InputCheck;
  /** Everything a driver may use for this command's calls, with these credentials. */
  callOf(command: OpenCommand, account: Account, credentials: Credentials): Call;
  /** Asks with the credentials that the account has now, once more when the partner refuses a token that can be renewed. */
  authorize<T>(account: Account, ask: (credentials: Credentials) => Promise<T>): Promise<T>;
  /** How long a lookup may take for a call after it to end within the lease, in ms. */
  lookupWithinMs(account: Account): number;
  now(): number;
};

const UNKNOWN = 'An earlier call ended without an answer, and it cannot be found out whether it took effect.';
const LATE = 'The earlier call took no effect; to find that out took so long that another call could outlive this attempt. It is for the next one.';

/** Past the deadline, nobody is asked any more; what an earlier call did may be unknown. */
export const expire = ({ takenOver }: Claimed): Attempt => (takenOver ? { kind: 'unknown', message: UNKNOWN, called: false } : { kind: 'expired' });

/** Reasons not to call at all, in the order in which they count. */
const refuse = (needs: Needs, command: OpenCommand, account: Account | undefined, claimed: Claimed): Attempt | undefined => {
  const action = needs.action(command.action);
  if (claimed.takenOver && (action === undefined || action.resolution === 'none')) return { kind: 'unknown', message: UNKNOWN, called: false };
  if (Date.parse(command.deadline) <= needs.now()) return expire(claimed);
  if (command.defect !== undefined) return { kind: 'refused', code: 'mapping-failed', message: command.defect.message };
  if (account === undefined) {
    return { kind: 'refused', code: 'unknown-account', message: `No integration ${command.partner}.${command.integration} is in the manifest.` };
  }
  if (action === undefined) return { kind: 'refused', code: 'unknown-action', message: `${command.partner} has no action ${command.action}.` };
  const wrong = needs.checkInput(action, command.input);
  return wrong === undefined ? undefined : { kind: 'refused', code: 'input-invalid', message: wrong };
};

/** A driver that fails in another way than it may has a bug; what it did by then is unknown. */
const asFailure = (error: unknown): PartnerFailure =>
  error instanceof PartnerFailure
    ? error
    : new PartnerFailure('transient', 'internal', `The driver failed: ${(error as Error).message}`, { effectUnknown: true });

type Work = { action: Action; command: OpenCommand; account: Account };

/** A token that has to be fetched first is part of the call: while the breaker is open, nobody is asked for one. */
const ask = <T>(needs: Needs, { command, account }: Work, work: (call: Call) => Promise<T>): Promise<T> =>
  account.gate.call(() => needs.authorize(account, (credentials) => work(needs.callOf(command, account, credentials))));

const perform = async (needs: Needs, work: Work, mayHaveCalled: boolean): Promise<Attempt> => {
  const { action, account } = work;
  if (mayHaveCalled && action.lookup !== undefined) {
    const startedAtMs = needs.now();
    const found = await ask(needs, work, (call) => action.lookup!(call));
    if (found !== undefined) return { kind: 'performed', performed: found, found: true };
    if (needs.now() - startedAtMs > needs.lookupWithinMs(account)) return { kind: 'not-called', until: needs.now(), message: LATE };
  }
  return { kind: 'performed', performed: await ask(needs, work, (call) => action.perform(call)) };
};

/**
 * One attempt of a command. Before it calls again where an earlier call may have taken effect, it does what the action declares:
 * call with the same key, call again, look the effect up, or leave it to a person.
 */
export const callPartner = (needs: Needs) => async (command: OpenCommand, account: Account | undefined, claimed: Claimed): Promise<Attempt> => {
  const refused = refuse(needs, command, account, claimed);
  if (refused !== undefined) return refused;
  const action = needs.action(command.action)!;
  try {
    return await perform(needs, { action, command, account: account! }, claimed.attempt > 1);
  } catch (error) {
    if (error instanceof HubError) throw error;
    if (error instanceof GateClosed) return { kind: 'not-called', until: error.until, message: error.message };
    const failure = asFailure(error);
    return action.resolution === 'none' && failure.details.effectUnknown === true
      ? { kind: 'unknown', message: `${failure.message}. ${UNKNOWN}`, called: true }
      : { kind: 'failed', failure };
  }
};
