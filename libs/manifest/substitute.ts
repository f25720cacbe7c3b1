import { readVariable } from '#boot';

/** Values of environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** `${NAME}`, `${NAME:-default}`, and `$${` for a dollar and a brace as they are. */
const REFERENCE = /\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g;
const ATTEMPT = /\$\$\{|\$\{[^}]*\}?/g;

/** A text with its references filled in. `missing` names the variables that have neither value nor default; `problems` says what is wrong with files. */
export type Substituted = { text: string; missing: string[]; problems: string[] };

/**
 * Fills in a text's references, each from its variable or the file that `<NAME>_FILE` names. An empty variable counts as not set;
 * what is missing is empty in `text`. A file that cannot be read is a problem even where there is a default.
 */
export const substitute = (text: string, env: Environment): Substituted => {
  const missing: string[] = [];
  const problems: string[] = [];
  const filled = text.replace(REFERENCE, (whole, name?: string, fallback?: string) => {
    if (name === undefined) return whole.slice(1);
    const { value = fallback, problem } = readVariable(name, env);
    if (problem !== undefined) problems.push(problem);
    else if (value === undefined) missing.push(name);
    return problem === undefined ? (value ?? '') : '';
  });
  return { text: filled, missing, problems };
};

/** Whether a text holds a reference. */
export const hasReference = (text: string): boolean => [...text.matchAll(REFERENCE)].some((match) => match[1] !== undefined);

/** What looks like a reference and is none: `${1A}`, `${A-b}`, `${A`. */
export const malformedReferences = (text: string): string[] =>
  [...text.matchAll(ATTEMPT)].map((match) => match[0]).filter((found) => found !== '$${' && found.replace(REFERENCE, '') !== '');
