const SECRET_NAMES = new Set([
  'authorization', 'cookie', 'set-cookie', 'x-api-key', 'api-key', 'apikey', 'secret', 'secrets', 'password',
  'token', 'access_token', 'refresh_token', 'credentials', 'databaseurl',
]);

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/**
 * The record with every value under a name that holds secrets replaced by `[secret]`, down to the fourth level.
 * The record itself is never changed: what has nothing to hide is given back as it is, the rest is copied.
 * Why not pino's own `redact`: where two of its paths overlap it leaves the caller's object redacted.
 */
export const hideSecrets = (record: Record<string, unknown>, depth = 4): Record<string, unknown> => {
  let copy: Record<string, unknown> | undefined;
  for (const name of Object.keys(record)) {
    const value = record[name];
    const shown = SECRET_NAMES.has(name.toLowerCase()) ? '[secret]' : depth > 1 && isPlain(value) ? hideSecrets(value, depth - 1) : value;
    if (shown !== value) (copy ??= { ...record })[name] = shown;
  }
  return copy ?? record;
};
