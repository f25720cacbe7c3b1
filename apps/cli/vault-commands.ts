import { HubError } from '#contract';
import { countKeyUse, drawMasterKey, rotateVault, type KeyUse } from '#vault';
import { acting } from './acting.ts';
import type { CliCommand, CliTools, Report } from './cli-command.ts';
import { withVault } from './open-vault.ts';

const runNewKey = (key: string) => ({ lines: [key], data: { id: key.slice(0, key.indexOf(':')), key } });

const useLine = ({ keyId, active, known, counts }: KeyUse): string => {
  const much = counts.map(({ what, count }) => `${what}: ${count}`).join(', ') || 'nothing';
  return `${keyId}${active ? ' (active)' : ''}  ${much}${known ? '' : '; MASTER_KEYS does not hold this key, so they cannot be opened'}`;
};

const runStatus = async (env: NodeJS.ProcessEnv | undefined): Promise<Report> => {
  const keys = await withVault(env, (vault) => countKeyUse(vault.database, vault.keys()));
  const old = keys.filter(({ active }) => !active);
  const next = old.length === 0 ? 'Nothing is under another key: every other key may be taken out of MASTER_KEYS.' : 'Keys that are listed are needed. Seal everything under the active one: trunkline vault rotate';
  return { lines: [...keys.map(useLine), next], data: { keys } };
};

const runRotate = async (env: NodeJS.ProcessEnv | undefined, { tell }: CliTools): Promise<Report> => {
  const { rewrapped, left, stuck } = await withVault(env, (vault) => rotateVault(vault.database, vault.keys(), { by: acting(), tell }));
  for (const { what, id, why } of stuck) tell(`${what}, ${id}: ${why}`);
  if (left > 0) throw new HubError('sealed-unreadable', `${rewrapped} sealed anew, ${left} left under other keys: ${stuck.length > 0 ? 'what is named above cannot be opened' : 'they were stored meanwhile; run it again once every room has the new key'}.`);
  return { lines: [rewrapped === 0 ? 'Everything is under the active key already.' : `${rewrapped} sealed anew, nothing left under another key.`], data: { rewrapped } };
};

/** What can be done with the keys that seal things at rest, by name. */
export const VAULT_COMMANDS: Readonly<Record<string, CliCommand>> = {
  'vault new-key': { about: 'Prints a new key for MASTER_KEYS. Needs no database.', run: async () => runNewKey(drawMasterKey(new Date())) },
  'vault rotate': { about: 'Seals everything under the first key of MASTER_KEYS.', run: (_none, env, _given, tools) => runRotate(env, tools!) },
  'vault status': { about: 'Says how much is sealed under which key.', run: (_none, env) => runStatus(env) },
};
