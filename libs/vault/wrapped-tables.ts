import { PEPPER_CONTEXT } from './people/pepper.ts';
import { subjectContext } from './people/subject-context.ts';
import { secretContext } from './stored-secret.ts';
import { tokenContext } from './token-store.ts';

/** A table with something in it that is sealed under a master key. Names go into SQL as they are. */
export type WrappedTable = {
  /** What its rows are, in the plural. */
  what: string;
  table: string;
  /** The column that names a row: of any type, and with an index. */
  id: string;
  /** The column that is sealed. */
  sealed: string;
  /** What a row is sealed for, from its id. */
  context(id: string): string;
};

/** Everything that `trunkline vault rotate` seals anew. */
export const WRAPPED_TABLES: readonly WrappedTable[] = [
  { what: 'stored secrets', table: 'sealed_secrets', id: 'name', sealed: 'wrapped_key', context: secretContext },
  { what: 'OAuth tokens', table: 'oauth_tokens', id: 'account', sealed: 'wrapped_key', context: tokenContext },
  { what: 'keys of persons', table: 'people.subject_keys', id: 'id', sealed: 'key', context: subjectContext },
  { what: 'secrets that identifiers are hashed with', table: 'people.peppers', id: 'one', sealed: 'sealed', context: () => PEPPER_CONTEXT },
];
