import type { Pool } from 'pg';

const COLUMNS = `
  select c.relname as table, a.attname as column,
    format('%I %s%s%s%s', a.attname, format_type(a.atttypid, a.atttypmod), case when a.attnotnull then ' not null' else '' end,
      case when a.attidentity = 'a' then ' generated always as identity' else '' end,
      coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')) as text
  from pg_class c
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
  where c.relkind in ('r', 'c') and c.relnamespace = 'public'::regnamespace and c.relname = any($1)
  order by c.relname, a.attnum`;

const INDEXES = `select indexdef as text from pg_indexes where schemaname = 'public' and tablename = any($1) order by tablename, indexname`;

const GRANTS = `
  select format('grant %s on %s to %s', string_agg(lower(privilege_type), ', ' order by privilege_type), table_name, grantee) as text
  from information_schema.role_table_grants
  where table_schema = 'public' and table_name = any($1) and grantee = 'trunkline_app'
  group by table_name, grantee order by table_name`;

const FUNCTIONS = `select pg_get_functiondef(p.oid) as text from pg_proc p where p.pronamespace = 'public'::regnamespace and p.proname = any($1) order by p.proname`;

const texts = async (pool: Pool, query: string, names: string[]): Promise<string[]> =>
  (await pool.query<{ text: string }>(query, [names])).rows.map((row) => row.text);

/** The named tables, types and functions as this database has them, as SQL for people to compare. */
export const describeSchema = async (pool: Pool, relations: string[], functions: string[]): Promise<string> => {
  const { rows } = await pool.query<{ table: string; text: string }>(COLUMNS, [relations]);
  const tables = Map.groupBy(rows, (row) => row.table);
  const written = [...tables].map(([name, columns]) => `${name} (\n${columns.map((column) => `  ${column.text}`).join(',\n')}\n)`);
  const others = [...(await texts(pool, INDEXES, relations)), ...(await texts(pool, GRANTS, relations)), ...(await texts(pool, FUNCTIONS, functions))];
  return `${[...written, ...others].map((text) => `${text.trim()};`).join('\n\n')}\n`;
};
