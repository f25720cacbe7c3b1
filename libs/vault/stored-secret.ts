import { HubError } from '#contract';
import { rfc3339 } from '#event-log';

/** A stored secret as an administrator may see it: never its value. Instants are RFC 3339 UTC. */
export type StoredSecret = {
  name: string;
  /** Counts the values that it has had; begins anew when it was removed. */
  version: number;
  /** The master key that it is sealed under. */
  keyId: string;
  createdAt: string;
  /** `<kind>:<id>` of the principal that stored it first, and last. */
  createdBy: string;
  updatedAt: string;
  updatedBy: string;
};

export type SecretRow = { name: string; version: number; key_id: string; created_at: string; created_by: string; updated_at: string; updated_by: string };

export const storedSecretOf = (row: SecretRow): StoredSecret => ({
  name: row.name,
  version: row.version,
  keyId: row.key_id,
  createdAt: rfc3339(row.created_at),
  createdBy: row.created_by,
  updatedAt: rfc3339(row.updated_at),
  updatedBy: row.updated_by,
});

/** What a stored secret may be called, so that `${vault:name}` can name it. */
export const SECRET_NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/;

/** Long enough for a key pair in PEM, and short enough for a request. */
export const LONGEST_SECRET = 10_000;

/** Throws `validation-failed` with the reason when there can be no such secret. Says nothing of the value. */
export const assertSecret = (name: string, value: string): void => {
  if (!SECRET_NAME.test(name)) throw new HubError('validation-failed', 'A secret is named with lower-case letters, digits, dots, dashes and underscores, beginning with a letter or digit, at most 64.');
  if (value.trim() === '') throw new HubError('validation-failed', 'A secret needs a value, and this one is empty.');
  if (!value.isWellFormed()) throw new HubError('validation-failed', 'A secret must be text, and this one has half a character in it.');
  if (value.length > LONGEST_SECRET) throw new HubError('validation-failed', `A secret has at most ${LONGEST_SECRET} characters, and this one has ${value.length}.`);
};

/** What a secret is sealed for: a value that was put into another's row does not open. */
export const secretContext = (name: string): string => `secret:${name}`;
