import { Controller, Get, type ExecutionContext } from '@nestjs/common';
import { expect, it } from 'vitest';
import { limitRate } from '#boot';
import { HubError, type Principal } from '#contract';
import { AccessGuard } from './access.guard.ts';
import { Scoped } from './access.ts';

@Controller('tea')
class TeaController {
  @Get('open')
  undeclared() {
    return 'nobody sees this';
  }
  @Get()
  @Scoped('operate')
  order() {
    return 'tea';
  }
}

const tea = new TeaController();
const principal = (scopes: Principal['scopes']): Principal => ({ kind: 'key', id: 'k1', name: 'ana', tenant: undefined, scopes });

const ask = (handler: () => unknown, headers: Record<string, string> = {}, scopes: Principal['scopes'] = ['admin', 'publish'], url = '/tea') => {
  const request = { headers, routeOptions: { url } };
  const context = { getHandler: () => handler, switchToHttp: () => ({ getRequest: () => request }) } as unknown as ExecutionContext;
  return new AccessGuard({ check: async () => ({ ok: true, principal: principal(scopes) }) }).canActivate(context);
};
const key = { authorization: 'Bearer tl_any' };

it('lets a caller in whose key has the scope, however the scheme is written', async () => {
  expect(await ask(tea.order, key)).toBe(true);
  expect(await ask(tea.order, { authorization: 'bearer  tl_any ' })).toBe(true);
});

it('closes a route that declares no scope, even to an administrator', async () => {
  await expect(ask(tea.undeclared, key)).rejects.toMatchObject({ status: 403, problem: { cause: 'forbidden', detail: expect.stringContaining('declares no scope') } });
  await expect(ask(tea.undeclared)).rejects.toMatchObject({ status: 403 });
});

it('leaves to everybody what a room shows of itself, by its exact route', async () => {
  expect(await ask(tea.undeclared, {}, [], '/health/live')).toBe(true);
  expect(await ask(tea.undeclared, {}, [], '/metrics')).toBe(true);
  await expect(ask(tea.undeclared, {}, [], '/health/live/tea')).rejects.toMatchObject({ status: 403 });
});

it('says what is missing, to people and to programs', async () => {
  await expect(ask(tea.order)).rejects.toMatchObject({
    status: 401, headers: { 'www-authenticate': 'Bearer realm="trunkline"' }, problem: { cause: 'unauthenticated', detail: expect.stringContaining('trunkline keys create --name <name> --scope operate') },
  });
  await expect(ask(tea.order, { authorization: 'Basic YTpi' })).rejects.toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer realm="trunkline", error="invalid_request"' } });
  await expect(ask(tea.order, key, ['read'])).rejects.toMatchObject({
    status: 403, headers: { 'www-authenticate': 'Bearer realm="trunkline", error="insufficient_scope", scope="operate"' }, problem: { detail: expect.stringContaining('The key ana (k1) has read; this needs operate.') },
  });
});

it('takes an outage for an outage', async () => {
  const away = new HubError('log-unavailable', 'away');
  const guard = new AccessGuard({ check: () => Promise.reject(away) });
  const context = { getHandler: () => tea.order, switchToHttp: () => ({ getRequest: () => ({ headers: key, routeOptions: { url: '/tea' } }) }) } as unknown as ExecutionContext;
  await expect(guard.canActivate(context)).rejects.toBe(away);
});

it('limits each key by itself, and only once it is known whose it is', async () => {
  const names: Record<string, string> = { 'tl_a': 'a', 'tl_b': 'b' };
  const check = async (text: string) => (names[text] === undefined ? { ok: false as const, why: 'unknown' as const } : { ok: true as const, principal: { ...principal(['read', 'operate']), id: names[text] } });
  const guard = new AccessGuard({ check }, limitRate(1, () => 0));
  const enter = (text: string) => {
    const request = { headers: { authorization: `Bearer ${text}` }, routeOptions: { url: '/tea' } };
    return guard.canActivate({ getHandler: () => tea.order, switchToHttp: () => ({ getRequest: () => request }) } as unknown as ExecutionContext);
  };
  await expect(enter('tl_nobody')).rejects.toMatchObject({ status: 401 });
  expect(await enter('tl_a')).toBe(true);
  await expect(enter('tl_a')).rejects.toMatchObject({
    status: 429, headers: { 'retry-after': '1', ratelimit: '"key";r=0;t=1', 'ratelimit-policy': '"key";q=1;w=1' }, problem: { cause: 'rate-limited' },
  });
  expect(await enter('tl_b')).toBe(true);
});
