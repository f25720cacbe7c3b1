/** A person whose body can be sealed or opened now. */
export type Subject = { id: string; key: Buffer };

/** How long a key is believed without asking the database again, should no notice of its erasure arrive. */
export const KEY_BELIEVED_MS = 5_000;

const MOST = 20_000;

type Held<T> = { value: T; untilMs: number };

/** The newest of a kind, each for a while. */
const bounded = <T>(nowMs: () => number) => {
  const held = new Map<string, Held<T>>();
  return {
    get: (name: string): T | undefined => {
      const one = held.get(name);
      return one !== undefined && one.untilMs > nowMs() ? one.value : undefined;
    },
    put: (name: string, value: T): void => {
      held.delete(name);
      held.set(name, { value, untilMs: nowMs() + KEY_BELIEVED_MS });
      if (held.size > MOST) held.delete(held.keys().next().value!);
    },
    drop: (isMeant: (value: T, name: string) => boolean): void => held.forEach(({ value }, name) => isMeant(value, name) && held.delete(name)),
    clear: () => held.clear(),
  };
};

export type HeldKeys = ReturnType<typeof holdKeys>;

/** Keys at hand, by subject and by the hash of an identifier: what is read for one webhook serves the next ones of that person. */
export const holdKeys = (nowMs: () => number) => {
  const byId = bounded<Buffer>(nowMs);
  const byHash = bounded<Subject>(nowMs);
  return {
    of: byId.get,
    named: (hash: Buffer): Subject | undefined => byHash.get(hash.toString('latin1')),
    keep: ({ id, key }: Subject, hash?: Buffer): void => {
      byId.put(id, key);
      if (hash !== undefined) byHash.put(hash.toString('latin1'), { id, key });
    },
    forget: (subject: string): void => {
      byId.drop((_key, id) => id === subject);
      byHash.drop(({ id }) => id === subject);
    },
    forgetAll: (): void => {
      byId.clear();
      byHash.clear();
    },
  };
};
