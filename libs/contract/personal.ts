/**
 * Where an identifier of a person stands in a parsed body or an action's input: `path` is names joined by dots, and a list on the way
 * stands for each of its elements. `email` and `phone` mean the same person wherever they stand within a tenant; every other kind,
 * such as `customer`, is an id that one account gives, and counts within that account. With `prefix`, only values that begin so count.
 */
export type IdentifierRule = { kind: string; path: string; prefix?: string };

/** An identifier as it was found. */
export type Identifier = { kind: string; value: string };

/** Kinds that mean the same person in every account of a tenant. */
export const WIDE_KINDS: readonly string[] = ['email', 'phone'];

/** What an integration changes about its partner's rules: more of them, others in their place, or (false) none at all. */
export type PersonalSpec = false | { add: IdentifierRule[] } | { only: IdentifierRule[] };

/**
 * Header of a message or an event whose body is sealed: `v1;<subject>,<subject>`. It can be opened while the keys of all of them are there.
 */
export const SEALED_HEADER = 'trunkline-sealed';

/** Header of an event that is about these subjects, and whose body is open: what became of a command with a sealed input. */
export const ABOUT_HEADER = 'trunkline-about';

const VERSION = 'v1;';

/** The subjects that hold the keys to a sealed body; undefined when it is open. */
export const sealedFor = (headers: Readonly<Record<string, string>>): string[] | undefined => {
  const header = headers[SEALED_HEADER];
  return header?.startsWith(VERSION) ? header.slice(VERSION.length).split(',') : undefined;
};

/** The value of `SEALED_HEADER` for these subjects. */
export const sealedHeader = (subjects: readonly string[]): string => VERSION + subjects.join(',');
