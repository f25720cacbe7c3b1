export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether two JSON values are the same; member order does not matter. Goes no deeper than `wanted`. */
export const isSameJson = (wanted: unknown, found: unknown): boolean => {
  if (wanted === found) return true;
  if (Array.isArray(wanted)) {
    return Array.isArray(found) && wanted.length === found.length && wanted.every((item, at) => isSameJson(item, found[at]));
  }
  if (!isObject(wanted) || !isObject(found)) return false;
  const names = Object.keys(wanted);
  if (names.length !== Object.keys(found).length) return false;
  return names.every((name) => Object.hasOwn(found, name) && isSameJson(wanted[name], found[name]));
};

/** The message of anything that was thrown. */
export const messageOf = (thrown: unknown): string => {
  const message = isObject(thrown) || thrown instanceof Error ? (thrown as { message?: unknown }).message : undefined;
  return typeof message === 'string' && message !== '' ? message : String(thrown);
};
