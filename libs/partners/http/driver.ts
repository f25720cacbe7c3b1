import { PartnerFailure, type Action, type Call, type Performed } from '#partner-kit';
import { toPerformed, toRequest, type HttpInput } from './adapter.ts';
import { fixedMethodInput, sendInput } from './inputs.ts';

const perform = async (call: Call, method: string, headers: Record<string, string> = {}): Promise<Performed> => {
  const request = toRequest(call, method);
  return toPerformed(await call.http.send({ ...request, headers: { ...request.headers, ...headers } }));
};

const methodOf = (call: Call): string => (call.input as HttpInput).method ?? 'POST';

const takeGoneForDone = (failure: unknown): Performed => {
  const status = failure instanceof PartnerFailure ? failure.details.status : undefined;
  if (status === 404 || status === 410) return { status };
  throw failure;
};

/** Any method, any URL below the account's base. Which action to choose depends on what the receiver does with a repeat. */
export const actions: Record<string, Action> = {
  send: {
    about: 'Sends a request with an Idempotency-Key, to a receiver that honours it. POST unless a method is given.',
    resolution: 'key',
    input: sendInput,
    perform: (call) => perform(call, methodOf(call), { 'idempotency-key': call.idempotencyKey }),
  },
  'send-once': {
    about: 'Sends a request to a receiver that cannot tell a repeat: when its answer is lost, a person decides. POST unless a method is given.',
    resolution: 'none',
    input: sendInput,
    perform: (call) => perform(call, methodOf(call)),
  },
  put: {
    about: 'Puts a whole resource at its URL; the same call again changes nothing.',
    resolution: 'natural',
    input: fixedMethodInput,
    perform: (call) => perform(call, 'PUT'),
  },
  delete: {
    about: 'Deletes the resource at a URL; one that is already gone counts as deleted.',
    resolution: 'natural',
    input: fixedMethodInput,
    perform: (call) => perform(call, 'DELETE').catch(takeGoneForDone),
  },
};
