import { APP_ROLE, asOwner, ROLES } from '#event-log';
import { GRANTS, OWNERS_FUNCTIONS, SEE_STATISTICS } from './grants.ts';
import { makeRoles } from './make-roles.ts';
import { POLICIES } from './policies.ts';

const SCHEMAS = ['public', 'people'];

/** Postgres before 17 cannot grant it; there an erasure says that the table could not be written anew. */
const MAINTAIN = /, maintain$/;

const everybody = [APP_ROLE, ...ROLES].join(', ');

const revokeAll = (schema: string): string[] => [
  `grant usage on schema ${schema} to ${everybody}`,
  `revoke all on all tables in schema ${schema} from ${everybody}`,
  `revoke all on all sequences in schema ${schema} from ${everybody}`,
  `revoke all on all functions in schema ${schema} from ${everybody}`,
];

const grantsOf = (role: (typeof ROLES)[number], isThere: (relation: string) => boolean, isOld: boolean): string[] =>
  Object.entries(GRANTS[role]).flatMap(([relation, privileges]) => (isThere(nameOf(relation)) ? [`grant ${isOld ? privileges.replace(MAINTAIN, '') : privileges} on ${relation} to ${role}`] : []));

const nameOf = (relation: string): string => relation.replace(/^sequence /, '');

/** Who is not named in a policy of its own sees the table as if there were none: `true` is folded away when a statement is planned. */
const policiesOf = (table: string): string[] => {
  const own = POLICIES[table] ?? [];
  const others = ROLES.filter((role) => !own.some((policy) => policy.role === role));
  return [
    `alter table ${table} enable row level security`,
    `drop policy if exists everything on ${table}`,
    `create policy everything on ${table} to ${others.join(', ')} using (true) with check (true)`,
    ...own.flatMap(({ role, using, check = using }) => [`drop policy if exists ${role} on ${table}`, `create policy ${role} on ${table} to ${role} using (${using}) with check (${check})`]),
  ];
};

const FUNCTIONS = `select proname as name, oid::regprocedure::text as signature from pg_proc where pronamespace = 'public'::regnamespace and proname = any($1)`;

const STATISTICS = SEE_STATISTICS.map((role) => `do $wall$ begin
  if not pg_has_role('${role}', 'pg_read_all_stats', 'member') then grant pg_read_all_stats to ${role}; end if;
exception when insufficient_privilege or unique_violation or internal_error then null;
end $wall$`);

/**
 * Makes the roles, and gives each what `GRANTS` and `POLICIES` say, no more and no less, whatever was granted before. Tables that are not
 * there are passed over. Run it after every migration. Everything in one transaction; throws `role-refused` as `makeRoles` does.
 */
export const raiseWalls = async (url: string): Promise<void> => {
  await makeRoles(url);
  await asOwner(url, async (client) => {
    const named = [...new Set([...Object.values(GRANTS).flatMap((granted) => Object.keys(granted)), ...Object.keys(POLICIES)].map(nameOf))];
    const { rows } = await client.query<{ name: string }>('select name from unnest($1::text[]) as name where to_regclass(name) is not null', [named]);
    const schemas = await client.query<{ name: string }>('select name from unnest($1::text[]) as name where to_regnamespace(name) is not null', [SCHEMAS]);
    const { rows: servers } = await client.query<{ old: boolean }>(`select current_setting('server_version_num')::integer < 170000 as old`);
    const functions = await client.query<{ name: string; signature: string }>(FUNCTIONS, [Object.keys(OWNERS_FUNCTIONS)]);
    const there = new Set(rows.map((row) => row.name));
    const isThere = (relation: string): boolean => there.has(relation);
    const statements = [
      ...schemas.rows.flatMap(({ name }) => revokeAll(name)),
      ...ROLES.flatMap((role) => grantsOf(role, isThere, servers[0]?.old === true)),
      ...functions.rows.flatMap(({ name, signature }) => [`revoke all on function ${signature} from public`, `grant execute on function ${signature} to ${OWNERS_FUNCTIONS[name]}`]),
      ...Object.keys(POLICIES).filter(isThere).flatMap(policiesOf),
      ...STATISTICS,
    ];
    await client.query(['begin', ...statements, 'commit'].join(';\n'));
  });
};
