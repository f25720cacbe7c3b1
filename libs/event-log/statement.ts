import { readFileSync } from 'node:fs';
import type { Pool, QueryResult, QueryResultRow } from 'pg';

/** A statement from its own `.sql` file, prepared once per connection under the file's name. */
export type Statement = { name: string; text: string };

/** Loads `<name>.sql` from the `statements` folder beside the given module. */
export const loadStatement = (name: string, moduleUrl: string): Statement => ({
  name,
  text: readFileSync(new URL(`./statements/${name}.sql`, moduleUrl), 'utf8'),
});

/** A pool, or one connection of it inside a transaction. */
export type Runner = Pick<Pool, 'query'>;

/** Runs a statement with positional values. */
export const run = <Row extends QueryResultRow>(on: Runner, statement: Statement, values: unknown[]): Promise<QueryResult<Row>> =>
  on.query<Row>({ name: statement.name, text: statement.text, values });

/**
 * Runs a statement that Postgres plans anew each time, knowing the values: for reads of the log. A kept plan would lock every segment there
 * is, and may sort what it should read in order. Costs a third of a millisecond (docs/decisions/0040).
 */
export const runPlanned = <Row extends QueryResultRow>(on: Runner, statement: Statement, values: unknown[]): Promise<QueryResult<Row>> =>
  on.query<Row>({ text: statement.text, values });
