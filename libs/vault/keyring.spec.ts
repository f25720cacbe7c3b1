import { expect, it } from 'vitest';
import { HubError } from '#contract';
import { fakeClock } from '#testkit';
import { drawKey } from './key-text.ts';
import { BELIEVED_MS, openKeyring } from './keyring.ts';
import type { StoredKey } from './open-api-keys.ts';

const world = (more: Partial<StoredKey> = {}) => {
  const clock = fakeClock('2026-03-01T12:00:00Z');
  const { id, text, secretHash } = drawKey();
  const key: StoredKey = { id, secretHash, name: 'ana', scopes: ['read'], createdAt: '2026-01-01T00:00:00Z', createdBy: 'local:root', ...more };
  const seen = { asked: 0, noted: 0 };
  let away = false;
  const keyring = openKeyring({
    find: async (wanted) => {
      seen.asked += 1;
      if (away) throw new HubError('log-unavailable', 'away');
      return wanted === id ? { ...key } : undefined;
    },
    noteUse: async () => {
      seen.noted += 1;
      key.lastUsedAt = clock.date().toISOString();
      if (away) throw new HubError('log-unavailable', 'away');
    },
    nowMs: clock.now,
  });
  return { clock, key, text, seen, keyring, goAway: () => (away = true) };
};

it('tells whose a key is', async () => {
  const { keyring, key, text } = world({ tenant: 'north' });
  expect(await keyring.check(text)).toEqual({ ok: true, principal: { kind: 'key', id: key.id, name: 'ana', tenant: 'north', scopes: ['read'] } });
});

it('asks once in five seconds, and believes no longer', async () => {
  const { keyring, clock, key, text, seen } = world();
  await keyring.check(text);
  key.revokedAt = clock.date().toISOString();
  await clock.advance(BELIEVED_MS - 1);
  expect(await keyring.check(text)).toMatchObject({ ok: true });
  expect(seen.asked).toBe(1);
  await clock.advance(1);
  expect(await keyring.check(text)).toEqual({ ok: false, why: 'revoked' });
});

it('asks again about a key that it was told to forget', async () => {
  const { keyring, clock, key, text } = world();
  await keyring.check(text);
  key.revokedAt = clock.date().toISOString();
  keyring.forget(key.id);
  expect(await keyring.check(text)).toEqual({ ok: false, why: 'revoked' });
});

it('does not believe a key for longer because the clock was set back', async () => {
  const { keyring, clock, key, text } = world();
  await keyring.check(text);
  key.revokedAt = clock.date().toISOString();
  await clock.advance(-86_400_000);
  expect(await keyring.check(text)).toEqual({ ok: false, why: 'revoked' });
});

it('believes no key beyond its expiry', async () => {
  const { keyring, clock, text } = world({ expiresAt: '2026-03-01T12:00:01Z' });
  expect(await keyring.check(text)).toMatchObject({ ok: true });
  await clock.advance(1_000);
  expect(await keyring.check(text)).toEqual({ ok: false, why: 'expired' });
});

it('does not know a key by its public part alone, nor say what became of it', async () => {
  const { keyring, key, text } = world({ revokedAt: '2026-02-01T00:00:00Z' });
  // The same id with another secret, whole in itself.
  const bytes = Buffer.alloc(32, 7);
  const forged = drawKey((length) => (length === 8 ? Buffer.alloc(8, 1) : bytes));
  const stolen = world();
  const ring = openKeyring({ find: async () => ({ ...key, id: forged.id }), noteUse: async () => undefined, nowMs: () => 0 });
  expect(await ring.check(forged.text)).toEqual({ ok: false, why: 'unknown' });
  expect(await keyring.check(stolen.text)).toEqual({ ok: false, why: 'unknown' });
  expect(await keyring.check(text)).toEqual({ ok: false, why: 'revoked' });
});

it('asks nobody about what is no key', async () => {
  const { keyring, text, seen } = world();
  expect(await keyring.check(`${text}x`)).toEqual({ ok: false, why: 'unreadable' });
  expect(seen.asked).toBe(0);
});

it('puts a use down once a minute', async () => {
  const { keyring, clock, text, seen } = world();
  for (let s = 0; s < 60; s += 6) {
    await keyring.check(text);
    await clock.advance(6_000);
  }
  expect(seen.noted).toBe(1);
  await keyring.check(text);
  expect(seen.noted).toBe(2);
});

it('does not take an outage for a bad key, and is not stopped by one that is short', async () => {
  const { keyring, clock, text, goAway } = world();
  await keyring.check(text);
  goAway();
  expect(await keyring.check(text)).toMatchObject({ ok: true });
  await clock.advance(BELIEVED_MS);
  await expect(keyring.check(text)).rejects.toMatchObject({ code: 'log-unavailable' });
});
