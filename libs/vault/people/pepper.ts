import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { asOutage, loadStatement, run, type Database } from '#event-log';
import type { MasterKeys } from '../master-keys.ts';

const FIND = loadStatement('find-pepper', import.meta.url);
const INSERT = loadStatement('insert-pepper', import.meta.url);

export const PEPPER_CONTEXT = 'people:pepper';

const load = async (db: Database, masterKeys: MasterKeys): Promise<KeyObject> => {
  for (;;) {
    const [row] = (await run<{ sealed: Buffer }>(db.pool, FIND, [])).rows;
    if (row !== undefined) return createSecretKey(masterKeys.open(row.sealed, PEPPER_CONTEXT));
    await run(db.pool, INSERT, [masterKeys.seal(randomBytes(32), PEPPER_CONTEXT)]);
  }
};

/** Gives the pepper of this hub, made by whoever asks first; read once. Throws `log-unavailable` and `sealed-unreadable`. */
export const keepPepper = (db: Database, masterKeys: MasterKeys): (() => Promise<KeyObject>) => {
  let pepper: Promise<KeyObject> | undefined;
  return () =>
    (pepper ??= load(db, masterKeys).catch((error) => {
      pepper = undefined;
      throw asOutage(error);
    }));
};
