import type { ApiKey } from '#vault';
import type { KeyView } from './views/key.view.ts';

type Needs = {
  revoke(id: string): Promise<ApiKey>;
  /** This console believes the key no longer; another one does so for a few seconds more. */
  forget(id: string): void;
};

/** Makes a key useless, for good. Throws `not-found`. */
export const revokeKey = (needs: Needs) => async (id: string): Promise<KeyView> => {
  const key = await needs.revoke(id);
  needs.forget(id);
  return key;
};
