import { randomBytes } from 'node:crypto';
import { loadConfig } from '#boot';
import type { RoleName } from '#event-log';
import { makeLogins, makeRoles, type Login } from '#walls';
import type { CliCommand, Report } from './cli-command.ts';
import { cliConfig } from './cli.config.ts';
import { loginsConfig } from './logins.config.ts';

const urlOf = (databaseUrl: string, login: string, password: string): string => {
  const url = new URL(databaseUrl);
  [url.username, url.password] = [login, password];
  return url.href;
};

const runCreate = async (env?: NodeJS.ProcessEnv): Promise<Report> => {
  const { databaseUrl } = loadConfig(cliConfig, env);
  const given = loadConfig(loginsConfig, env);
  const drawn = new Map<RoleName, string>();
  const passwordOf = (role: RoleName, isThere: boolean): string | undefined => {
    if (given[role] !== '') return given[role];
    if (!isThere) drawn.set(role, randomBytes(24).toString('base64url'));
    return drawn.get(role);
  };
  await makeRoles(databaseUrl);
  const logins = await makeLogins(databaseUrl, passwordOf);
  const line = ({ login, role, made }: Login): string => {
    const password = drawn.get(role);
    if (password !== undefined) return `${login}  made; its DATABASE_URL is shown only now: ${urlOf(databaseUrl, login, password)}`;
    return `${login}  ${made ? 'made' : 'was there'}${given[role] === '' ? '' : ', with the password that is configured'}`;
  };
  return { lines: logins.map(line), data: { logins: logins.map((one) => ({ ...one, url: drawn.has(one.role) ? urlOf(databaseUrl, one.login, drawn.get(one.role)!) : undefined })) } };
};

/** What can be done about the rooms' logins to the database, by name. */
export const LOGIN_COMMANDS: Readonly<Record<string, CliCommand>> = {
  'logins create': { about: 'Makes a database login for each room, which can be nothing but that room. As the owner.', run: (_none, env) => runCreate(env) },
};
