import { openSecrets, type StoredSecret } from '#vault';
import { acting } from './acting.ts';
import type { CliCommand, CliTools, Report } from './cli-command.ts';
import { withVault } from './open-vault.ts';

const DAY_MS = 86_400_000;

const ageOf = (at: string, nowMs: number): string => {
  const days = Math.floor((nowMs - Date.parse(at)) / DAY_MS);
  return days < 1 ? 'since today' : `${days} ${days === 1 ? 'day' : 'days'} old`;
};

const secretLine = ({ name, version, updatedAt, updatedBy, keyId }: StoredSecret, nowMs: number): string =>
  [name, `version ${version}`, ageOf(updatedAt, nowMs), `by ${updatedBy}`, `under ${keyId}`].join('  ');

const runSet = async (name: string, env: NodeJS.ProcessEnv | undefined, tools: CliTools): Promise<Report> => {
  const value = await tools.readSecret(`Value of ${name} (not shown): `);
  const secret = await withVault(env, ({ database, keys }) => openSecrets(database, keys).set(name, value, acting()));
  return { lines: [`Stored ${name}, version ${secret.version}. Write \${vault:${name}} where trunkline.yaml wants it; running rooms have it within a second.`], data: { secret } };
};

/** The secrets that are stored, without their values. Needs no master key. */
export const listSecrets = (env: NodeJS.ProcessEnv | undefined): Promise<StoredSecret[]> => withVault(env, ({ database, keys }) => openSecrets(database, keys).list());

const runList = async (env: NodeJS.ProcessEnv | undefined): Promise<Report> => {
  const items = await listSecrets(env);
  const none = 'There is no stored secret. Store one: trunkline secrets set <name>';
  return { lines: items.length === 0 ? [none] : items.map((secret) => secretLine(secret, Date.now())), data: { items } };
};

const runRemove = async (name: string, env: NodeJS.ProcessEnv | undefined): Promise<Report> => {
  const secret = await withVault(env, ({ database, keys }) => openSecrets(database, keys).remove(name, acting()));
  return { lines: [`Removed ${name}. Accounts whose manifest names it without a default are not served any more.`], data: { secret } };
};

/** What can be done about stored secrets, by name. */
export const SECRET_COMMANDS: Readonly<Record<string, CliCommand>> = {
  'secrets set': { about: 'Stores a secret, sealed: from standard input, or asked for.', takes: 'name', run: (name, env, _given, tools) => runSet(name, env, tools!) },
  'secrets list': { about: 'Lists stored secrets, without their values.', run: (_none, env) => runList(env) },
  'secrets remove': { about: 'Removes a stored secret.', takes: 'name', run: (name, env) => runRemove(name, env) },
};
