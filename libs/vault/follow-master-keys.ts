import { readVariable } from '#boot';
import { masterKeyIdOf, openMasterKeys, type MasterKeys } from './master-keys.ts';

type Needs = {
  /** `MASTER_KEYS` as it is now; undefined when it cannot be read. */
  read(): string | undefined;
  nowMs(): number;
  /** Hears once of each text that is no setting of `MASTER_KEYS`, with a `config-invalid` that says what is wrong, and no key. */
  onError(error: unknown): void;
};

/** How long what was read is taken for what is there. */
const LOOK_EVERY_MS = 1_000;

/**
 * Master keys that are read anew while the process runs: once a second at most when they are used, and at once when something was
 * sealed under a key that is not known yet. What cannot be read any more leaves the last good ones in force. Throws `config-invalid`
 * when `first`, the setting at the start, is unreadable.
 */
export const followMasterKeys = (first: string, { read, nowMs, onError }: Needs): MasterKeys => {
  let text = first;
  let keys = openMasterKeys(first);
  let lookedMs = nowMs();
  let wrong: string | undefined;

  const look = (): void => {
    lookedMs = nowMs();
    const fresh = read()?.trim();
    if (fresh === undefined || fresh === text || fresh === wrong) return;
    try {
      keys = openMasterKeys(fresh);
      text = fresh;
      wrong = undefined;
    } catch (error) {
      // A file that is half written, or wrong: with the keys of before, what is sealed stays readable.
      wrong = fresh;
      onError(error);
    }
  };
  const current = (): MasterKeys => {
    if (nowMs() - lookedMs >= LOOK_EVERY_MS) look();
    return keys;
  };
  return {
    get activeId() {
      return current().activeId;
    },
    has: (id) => {
      if (!current().has(id)) look();
      return keys.has(id);
    },
    seal: (plain, context) => current().seal(plain, context),
    open: (sealed, context) => {
      if (!current().has(masterKeyIdOf(sealed))) look();
      return keys.open(sealed, context);
    },
  };
};

/** The master keys of a process: the setting `MASTER_KEYS` as it was at the start, and what its variable or file says since; warns of what is wrong with that. Throws `config-invalid`. */
export const masterKeysFrom = (first: string, env: NodeJS.ProcessEnv, logger: { warn(fields: object, message: string): void }): MasterKeys =>
  followMasterKeys(first, {
    read: () => readVariable('MASTER_KEYS', env).value,
    nowMs: () => performance.now(),
    onError: (error) => logger.warn({ err: error }, 'MASTER_KEYS has changed and cannot be read; the keys of before stay in force'),
  });
