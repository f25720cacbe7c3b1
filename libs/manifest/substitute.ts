import { readVariable } from '#boot';

/** Values of environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What a name refers to: its value, or why there is none although there should be. Neither: it is not there. */
export type Found = { value?: string; problem?: string };

/** Secrets that are stored in the vault, by name. */
export type StoredSecrets = (name: string) => Found;

/** `${NAME}`, `${vault:name}`, either with a default as in `${NAME:-default}`, and `$${` for a dollar and a brace as they are. */
const REFERENCE = /\$\$\{|\$\{(?:vault:([a-z0-9][a-z0-9._-]{0,63})|([A-Za-z_][A-Za-z0-9_]*))(?::-([^}]*))?\}/g;
const ATTEMPT = /\$\$\{|\$\{[^}]*\}?/g;

/** A text with its references filled in. `missing` names the variables that have neither value nor default; `problems` says what is wrong with files and stored secrets. */
export type Substituted = { text: string; missing: string[]; problems: string[] };

const noStore: StoredSecrets = () => ({ problem: 'stored secrets cannot be had here' });

const orNone = (name: string, fallback: string | undefined, found: Found): Found =>
  found.value === undefined && found.problem === undefined && fallback === undefined ? { problem: `there is no stored secret ${name}; store it: trunkline secrets set ${name}` } : found;

/**
 * Fills in a text's references, each from its variable or the file that `<NAME>_FILE` names, or from the vault. An empty variable counts
 * as not set; what is missing is empty in `text`. A file that cannot be read, a stored secret that cannot be opened, and one that is not
 * there and has no default are problems.
 */
export const substitute = (text: string, env: Environment, stored: StoredSecrets = noStore): Substituted => {
  const missing: string[] = [];
  const problems: string[] = [];
  const filled = text.replace(REFERENCE, (whole, secret?: string, variable?: string, fallback?: string) => {
    if (secret === undefined && variable === undefined) return whole.slice(1);
    const { value = fallback, problem } = secret === undefined ? readVariable(variable!, env) : orNone(secret, fallback, stored(secret));
    if (problem !== undefined) problems.push(problem);
    else if (value === undefined) missing.push(variable!);
    return problem === undefined ? (value ?? '') : '';
  });
  return { text: filled, missing, problems };
};

/** Whether a text holds a reference. */
export const hasReference = (text: string): boolean => [...text.matchAll(REFERENCE)].some((match) => match[1] !== undefined || match[2] !== undefined);

/** The stored secrets that a text refers to without a default. */
export const requiredSecrets = (text: string): string[] => [...text.matchAll(REFERENCE)].flatMap(([, secret, , fallback]) => (secret !== undefined && fallback === undefined ? [secret] : []));

/** What looks like a reference and is none: `${1A}`, `${A-b}`, `${A`. */
export const malformedReferences = (text: string): string[] =>
  [...text.matchAll(ATTEMPT)].map((match) => match[0]).filter((found) => found !== '$${' && found.replace(REFERENCE, '') !== '');
