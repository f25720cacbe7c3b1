import type { ApiKey, KeyOrder } from '#vault';
import type { NewKeyView } from './views/key.view.ts';

type Needs = { create(order: KeyOrder): Promise<{ key: ApiKey; text: string }> };

/** Makes a key in the name of whoever asks. Throws `validation-failed`. */
export const createKey = (needs: Needs) => ({ name, scopes, tenant, expiresAt }: KeyOrder): Promise<NewKeyView> => needs.create({ name, scopes, tenant, expiresAt });
