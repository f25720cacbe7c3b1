import { BoundedMap } from '../bounded-map.ts';
import { headerText, json, type OrderedFailure, type PlayedPartner, type PlayNeeds, type SandboxAnswer, type SandboxCall } from './played-partner.ts';

const KEYS_REMEMBERED = 100_000;

const special = (call: SandboxCall): SandboxAnswer | undefined => {
  const status = Number(/^\/status\/([2345]\d\d)(?:\/|$)/.exec(call.path)?.[1] ?? 0);
  if (status >= 300) return json(status, { error: 'as_asked', message: `You asked for ${status}` }, status < 400 ? { location: '/http/elsewhere' } : undefined);
  if (call.path.startsWith('/private/') && headerText(call, 'authorization') === undefined) return json(401, { error: 'unauthorized', message: 'No credentials' });
  return call.path.startsWith('/gone/') ? json(404, { error: 'not_found', message: 'There is no such thing' }) : undefined;
};

/**
 * Plays any HTTP API: takes what comes and answers what it was. `/status/{n}` answers with that status, `/private/**` wants
 * `Authorization`, `/gone/**` is not there. Honours `Idempotency-Key`; PUT and DELETE may be repeated; GET has no effect.
 */
export class PlayedHttp implements PlayedPartner {
  private readonly keys = new BoundedMap<string, SandboxAnswer>(KEYS_REMEMBERED);
  private counter = 0;

  constructor(private readonly needs: PlayNeeds) {}

  answer(call: SandboxCall): SandboxAnswer {
    const asked = special(call);
    if (asked !== undefined) return asked;
    const key = headerText(call, 'idempotency-key');
    if (key === undefined) return this.accept(call);
    const first = this.keys.get(key);
    if (first !== undefined) {
      this.needs.effects.deduplicated();
      return first;
    }
    const answer = this.accept(call);
    this.keys.set(key, answer);
    return answer;
  }

  fail(_call: SandboxCall, { status, retryAfterS }: OrderedFailure): SandboxAnswer {
    const headers = retryAfterS === undefined ? undefined : { 'retry-after': String(retryAfterS) };
    return json(status, { error: 'ordered_failure', message: 'This failure was ordered' }, headers);
  }

  reset(): void {
    this.keys.clear();
  }

  private accept(call: SandboxCall): SandboxAnswer {
    const action = call.method.toLowerCase();
    const { effects } = this.needs;
    if (call.method === 'PUT' || call.method === 'DELETE') effects.happenedNaturally(action, call);
    else if (call.method !== 'GET' && call.method !== 'HEAD') effects.happened(action, call);
    return json(200, { id: `echo_${(this.counter += 1)}`, method: call.method, path: call.path, bytes: call.body.length });
  }
}
