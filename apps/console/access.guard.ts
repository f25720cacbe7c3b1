import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { ProblemException, rateHeaders, type RateLimit } from '#boot';
import { allows, type Principal, type Scope } from '#contract';
import type { Keyring, Verdict } from '#vault';
import type { FastifyRequest } from 'fastify';
import { admit, scopeOf } from './access.ts';

/** What every room shows of itself, to whoever watches it: libs/boot's own routes. The document and its reference are outside Nest. */
const OPEN_ROUTES: readonly string[] = ['/health/live', '/health/ready', '/metrics'];

const BEARER = /^Bearer +(\S+) *$/i;
const MAKE_ONE = 'Make one: trunkline keys create --name <name> --scope';

const REFUSED: Record<Extract<Verdict, { ok: false }>['why'], string> = {
  unreadable: 'This is no whole key: its last characters do not fit the rest. Copy it again, from tl_ to the end.',
  unknown: 'There is no such key here. Check that it belongs to this hub.',
  revoked: 'This key was revoked. Ask for another.',
  expired: 'This key has expired. Ask for another.',
};

/** RFC 6750, section 3: what the caller lacks, for programs. */
const challenge = (error?: string, more = ''): Record<string, string> => ({
  'www-authenticate': `Bearer realm="trunkline"${error === undefined ? '' : `, error="${error}"`}${more}`,
});

const unauthenticated = (detail: string, error?: string): ProblemException => new ProblemException(401, 'unauthenticated', detail, { headers: challenge(error) });

const forbidden = (principal: Principal, scope: Scope): ProblemException => {
  const detail = `The key ${principal.name} (${principal.id}) has ${principal.scopes.join(', ')}; this needs ${scope}. ${MAKE_ONE} ${scope}`;
  return new ProblemException(403, 'forbidden', detail, { headers: challenge('insufficient_scope', `, scope="${scope}"`) });
};

const refuseHaste = (limit: RateLimit, { id, name }: Principal): void => {
  const verdict = limit.take(id);
  if (verdict.waitS === 0) return;
  const headers = { ...rateHeaders([{ name: 'key', limit, verdict }]), 'retry-after': String(verdict.waitS) };
  throw new ProblemException(429, 'rate-limited', `The key ${name} (${id}) asks too often. Come back in ${verdict.waitS} s.`, { headers });
};

/** Who may come in: the one place where the console asks callers who they are, and lets nobody through a route that declares no scope. */
export class AccessGuard implements CanActivate {
  /** `limit` counts by principal, once it is known who asks: a key that is made up must not spend somebody else's share. */
  constructor(
    private readonly keyring: Pick<Keyring, 'check'>,
    private readonly limit?: RateLimit,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (OPEN_ROUTES.includes(request.routeOptions.url ?? '')) return true;
    const scope = scopeOf(context.getHandler());
    if (scope === undefined) throw new ProblemException(403, 'forbidden', 'This route declares no scope, so nobody may use it. That is a mistake of ours; please report it.');
    const principal = await this.identify(request.headers.authorization, scope);
    if (this.limit !== undefined) refuseHaste(this.limit, principal);
    if (!allows(principal, scope)) throw forbidden(principal, scope);
    admit(request, { who: principal, from: request.ip });
    return true;
  }

  private async identify(authorization: string | undefined, scope: Scope): Promise<Principal> {
    if (authorization === undefined) throw unauthenticated(`Say who you are: Authorization: Bearer <key>. ${MAKE_ONE} ${scope}`);
    const text = BEARER.exec(authorization)?.[1];
    if (text === undefined) throw unauthenticated('The Authorization header must be: Bearer <key>.', 'invalid_request');
    const verdict = await this.keyring.check(text);
    if (!verdict.ok) throw unauthenticated(REFUSED[verdict.why], 'invalid_token');
    return verdict.principal;
  }
}
