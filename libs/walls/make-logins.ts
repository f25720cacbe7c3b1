import { asOwner, ROLES, type RoleName } from '#event-log';

/** A login of one room, which is a member of that room's role and of nothing else. */
export type Login = { login: string; role: RoleName; made: boolean };

/** The login of a room's role. */
export const loginOf = (role: RoleName): string => `${role}_login`;

type Client = Parameters<Parameters<typeof asOwner>[1]>[0];

/** Postgres writes the statement, so that no password has to be quoted here. */
const execute = async (client: Client, format: string, values: string[]): Promise<void> => {
  const { rows } = await client.query<{ sql: string }>(`select format($1, variadic $2::text[]) as sql`, [format, values]);
  await client.query(rows[0]!.sql);
};

const makeLogin = async (client: Client, role: RoleName, passwordOf: (role: RoleName, isThere: boolean) => string | undefined): Promise<Login> => {
  const login = loginOf(role);
  const isThere = (await client.query('select 1 from pg_roles where rolname = $1', [login])).rowCount === 1;
  const password = passwordOf(role, isThere);
  if (!isThere) await execute(client, 'create role %I login in role %I', [login, role]);
  if (password !== undefined) await execute(client, 'alter role %I password %L', [login, password]);
  return { login, role, made: !isThere };
};

/**
 * Makes a login for each room where it is missing. `passwordOf` says which password it is to have from now on; undefined leaves the one it has.
 * Run `makeRoles` first. Postgres refuses with 42501 where the owner may not make roles.
 */
export const makeLogins = (url: string, passwordOf: (role: RoleName, isThere: boolean) => string | undefined): Promise<Login[]> =>
  asOwner(url, async (client) => {
    const logins: Login[] = [];
    for (const role of ROLES) logins.push(await makeLogin(client, role, passwordOf));
    return logins;
  });
