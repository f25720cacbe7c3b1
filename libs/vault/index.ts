export { migrateVault } from './migrate-vault.ts';
export { openApiKeys, type ApiKeys, type StoredKey } from './open-api-keys.ts';
export { type ApiKey, type KeyOrder } from './api-key.ts';
export { BELIEVED_MS, openKeyring, type Keyring, type Verdict } from './keyring.ts';
export { drawMasterKey, masterKeyIdOf, openMasterKeys, type MasterKeys } from './master-keys.ts';
