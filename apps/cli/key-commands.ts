import { loadConfig } from '#boot';
import { HubError, SCOPES, type Scope } from '#contract';
import { openDatabase } from '#event-log';
import { durationMs } from '#manifest';
import { openApiKeys, type ApiKey, type ApiKeys } from '#vault';
import { acting } from './acting.ts';
import type { CliCommand, GivenOptions, Report } from './cli-command.ts';
import { cliConfig } from './cli.config.ts';

const withKeys = async <T>(env: NodeJS.ProcessEnv | undefined, work: (keys: ApiKeys) => Promise<T>): Promise<T> => {
  const { databaseUrl } = loadConfig(cliConfig, env);
  const database = openDatabase({ url: databaseUrl, applicationName: 'trunkline-cli', role: 'trunkline_operator', max: 1 });
  try {
    return await work(openApiKeys(database));
  } finally {
    await database.close();
  }
};

const readExpiry = (text: string | undefined, nowMs: number): string | undefined => {
  if (text === undefined) return undefined;
  const ms = durationMs(text);
  if (!(ms > 0 && ms < 100 * 365 * 86_400_000)) throw new HubError('validation-failed', `--expires takes a time such as 90d, 24h or 15m, and got '${text}'.`);
  return new Date(nowMs + ms).toISOString();
};

const stateOf = (key: ApiKey, now: string): string => {
  if (key.revokedAt !== undefined) return `revoked ${key.revokedAt}`;
  if (key.expiresAt === undefined) return 'never expires';
  return Date.parse(key.expiresAt) <= Date.parse(now) ? `expired ${key.expiresAt}` : `expires ${key.expiresAt}`;
};

const keyLine = (key: ApiKey, now: string): string =>
  [key.id, key.name, key.scopes.join(', '), key.tenant === undefined ? 'all tenants' : `tenant ${key.tenant}`, stateOf(key, now), key.lastUsedAt === undefined ? 'never used' : `last used ${key.lastUsedAt}`].join('  ');

const runCreate = async (env: NodeJS.ProcessEnv | undefined, given: GivenOptions): Promise<Report> => {
  const order = {
    name: given['name']?.[0] ?? '',
    // One may be given after the other, or several with commas between them.
    scopes: (given['scope'] ?? []).flatMap((text) => text.split(',')).map((text) => text.trim()) as Scope[],
    tenant: given['tenant']?.[0],
    expiresAt: readExpiry(given['expires']?.[0], Date.now()),
  };
  const { key, text } = await withKeys(env, (keys) => keys.create(order, acting()));
  return { lines: [text, `This is key ${key.id}. It is shown only now: nobody can find it out again.`], data: { key, text } };
};

const runList = async (env: NodeJS.ProcessEnv | undefined): Promise<Report> => {
  const items = await withKeys(env, (keys) => keys.list());
  const now = new Date().toISOString();
  const none = 'There is no key. Make one: trunkline keys create --name <name> --scope admin';
  return { lines: items.length === 0 ? [none] : items.map((key) => keyLine(key, now)), data: { items } };
};

const runRevoke = async (id: string, env: NodeJS.ProcessEnv | undefined): Promise<Report> => {
  const key = await withKeys(env, (keys) => keys.revoke(id, acting()));
  return { lines: [`Key ${key.id} (${key.name}) is revoked since ${key.revokedAt}. A console that has just seen it believes it for 5 seconds more.`], data: { key } };
};

/** What can be done about keys, by name. */
export const KEY_COMMANDS: Readonly<Record<string, CliCommand>> = {
  'keys create': {
    about: 'Makes an API key and shows it once.',
    options: {
      name: { value: 'whose it is', required: true },
      scope: { value: SCOPES.join('|'), required: true, many: true },
      tenant: { value: 'tenant' },
      expires: { value: '90d' },
    },
    run: (_none, env, given = {}) => runCreate(env, given),
  },
  'keys list': { about: 'Lists API keys, without their secrets.', run: (_none, env) => runList(env) },
  'keys revoke': { about: 'Makes an API key useless, for good.', takes: 'id', run: (id, env) => runRevoke(id, env) },
};
