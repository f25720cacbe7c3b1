/** Values of environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** `${NAME}`, `${NAME:-default}`, and `$${` for a dollar and a brace as they are. */
const REFERENCE = /\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g;
const ATTEMPT = /\$\$\{|\$\{[^}]*\}?/g;

/** Fills in a text's references. An empty variable counts as not set; those that have neither value nor default are `missing`, and empty in `text`. */
export const substitute = (text: string, env: Environment): { text: string; missing: string[] } => {
  const missing: string[] = [];
  const filled = text.replace(REFERENCE, (whole, name?: string, fallback?: string) => {
    if (name === undefined) return whole.slice(1);
    const value = env[name] || fallback;
    if (value === undefined) missing.push(name);
    return value ?? '';
  });
  return { text: filled, missing };
};

/** Whether a text holds a reference. */
export const hasReference = (text: string): boolean => [...text.matchAll(REFERENCE)].some((match) => match[1] !== undefined);

/** What looks like a reference and is none: `${1A}`, `${A-b}`, `${A`. */
export const malformedReferences = (text: string): string[] =>
  [...text.matchAll(ATTEMPT)].map((match) => match[0]).filter((found) => found !== '$${' && found.replace(REFERENCE, '') !== '');
