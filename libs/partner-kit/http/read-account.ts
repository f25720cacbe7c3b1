import { PartnerFailure } from '../partner-failure.ts';
import { type Account } from '../ports.ts';

/** A credential that an action cannot do without; an `auth` failure that names it when the account has none. */
export const credential = (account: Account, name: string): string => {
  const value = account.credentials[name];
  if (value) return value;
  throw new PartnerFailure('auth', 'partner-auth-failed', `the account "${account.integration}" has no credential "${name}": set it in trunkline.yaml`);
};

/** A setting that an action cannot do without; a `client` failure that names it when the account has none. */
export const setting = (account: Account, name: string): string => {
  const value = account.settings[name];
  if (value) return value;
  throw new PartnerFailure('client', 'input-invalid', `the account "${account.integration}" has no setting "${name}": set it in trunkline.yaml`);
};

/** Where the partner's API is: the setting `baseUrl` without a final slash, else the partner's own address. */
export const baseUrl = (account: Account, partnersOwn: string): string => (account.settings['baseUrl'] || partnersOwn).replace(/\/+$/, '');
