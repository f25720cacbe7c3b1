import { HubError } from '#contract';
import { APP_ROLE, asOwner, ROLES } from '#event-log';

type Client = Parameters<Parameters<typeof asOwner>[1]>[0];

// Roles belong to the whole cluster: another database's migration may do the same at the same moment (XX000: "concurrently updated").
const unlessThere = (is: string, make: string): string => `do $wall$ begin
  if not ${is} then ${make}; end if;
exception when duplicate_object or unique_violation or internal_error then null;
end $wall$`;

const STATEMENTS: readonly string[] = [
  ...[APP_ROLE, ...ROLES].map((role) => unlessThere(`exists (select 1 from pg_roles where rolname = '${role}')`, `create role ${role} nologin`)),
  ...ROLES.map((role) => unlessThere(`pg_has_role('${APP_ROLE}', '${role}', 'member')`, `grant ${role} to ${APP_ROLE}`)),
  unlessThere(`pg_has_role(current_user, '${APP_ROLE}', 'member')`, `execute format('grant ${APP_ROLE} to %I', current_user)`),
];

const inWords = (owner: string): string =>
  `The owner of the database, ${owner}, may not make roles. Let a superuser run this once, and migrate again:\n${[
    ...[APP_ROLE, ...ROLES].map((role) => `create role ${role} nologin;`),
    `grant ${ROLES.join(', ')} to ${APP_ROLE};`,
    `grant ${APP_ROLE} to ${owner};`,
  ].join('\n')}`;

const make = async (client: Client): Promise<void> => {
  try {
    for (const statement of STATEMENTS) await client.query(statement);
  } catch (cause) {
    if ((cause as { code?: string }).code !== '42501') throw cause;
    const { rows } = await client.query<{ owner: string }>('select quote_ident(current_user) as owner');
    throw new HubError('role-refused', inWords(rows[0]?.owner ?? 'postgres'), { cause });
  }
};

/**
 * Makes the role of each room, where it is missing, and `trunkline_app`, which is a member of all of them; the owner becomes a member of
 * that. Needs no table. Throws `role-refused`, with what a superuser must run, when the owner may not.
 */
export const makeRoles = (url: string): Promise<void> => asOwner(url, make);
