/**
 * The value at a dotted path (`data.object.id`, `items.0.name`) of a parsed body; undefined when there is none.
 * Sees own members only, so that no path reaches a prototype.
 */
export const readPath = (body: unknown, path: string): unknown => {
  let value = body;
  for (const step of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string, unknown>)[step];
  }
  return value;
};

/** A string, number or boolean as text; undefined for anything else. */
export const asText = (value: unknown): string | undefined => {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
};
