import { timingSafeEqual } from 'node:crypto';
import type { Principal } from '#contract';
import { principalOf } from './api-key.ts';
import { readKey } from './key-text.ts';
import type { ApiKeys, StoredKey } from './open-api-keys.ts';

/** How long a key is believed without asking the database again: a key that was revoked elsewhere works on for so long at most. */
export const BELIEVED_MS = 5_000;

/** How much of a minute may pass before a use is put down again. */
const USE_EVERY_MS = 60_000;
const KEPT_KEYS = 1_000;

/** Why a key is not good, or whose it is. */
export type Verdict = { ok: true; principal: Principal } | { ok: false; why: 'unreadable' | 'unknown' | 'revoked' | 'expired' };

export type Keyring = {
  /** Throws `log-unavailable` when the database is needed and away. */
  check(text: string): Promise<Verdict>;
  /** Asks the database about this key the next time. */
  forget(id: string): void;
};

type Needs = Pick<ApiKeys, 'find' | 'noteUse'> & { nowMs(): number };
type Believed = { key: StoredKey; untilMs: number };

const judge = (key: StoredKey | undefined, secretHash: Buffer, nowMs: number): Verdict => {
  // Both are 32 bytes. What the caller learns of a key depends on its whole secret.
  if (key === undefined || !timingSafeEqual(key.secretHash, secretHash)) return { ok: false, why: 'unknown' };
  if (key.revokedAt !== undefined) return { ok: false, why: 'revoked' };
  if (key.expiresAt !== undefined && Date.parse(key.expiresAt) <= nowMs) return { ok: false, why: 'expired' };
  return { ok: true, principal: principalOf(key) };
};

/**
 * Tells whose a key is. Good keys are believed for 5 seconds, so that a busy caller costs a query in that time and a short outage
 * of the database is not noticed; an expired one stops at once, and only good ones are kept.
 */
export const openKeyring = ({ find, noteUse, nowMs }: Needs): Keyring => {
  const believed = new Map<string, Believed>();

  const keep = (key: StoredKey): void => {
    believed.delete(key.id);
    believed.set(key.id, { key, untilMs: nowMs() + BELIEVED_MS });
    if (believed.size > KEPT_KEYS) believed.delete(believed.keys().next().value!);
    const lastMs = key.lastUsedAt === undefined ? 0 : Date.parse(key.lastUsedAt);
    // Nobody waits for it, and the next use will do as well.
    if (nowMs() - lastMs >= USE_EVERY_MS) void noteUse(key.id).catch(() => undefined);
  };
  return {
    check: async (text) => {
      const given = readKey(text);
      if (given === undefined) return { ok: false, why: 'unreadable' };
      const known = believed.get(given.id);
      // One that would be believed for longer than it may was kept before the clock was set back.
      const isFresh = known !== undefined && known.untilMs > nowMs() && known.untilMs <= nowMs() + BELIEVED_MS;
      const key = isFresh ? known.key : await find(given.id);
      const verdict = judge(key, given.secretHash, nowMs());
      if (key !== undefined && verdict.ok && !isFresh) keep(key);
      return verdict;
    },
    forget: (id) => void believed.delete(id),
  };
};
