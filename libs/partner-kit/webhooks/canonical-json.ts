/**
 * One text for one value, whatever the order its keys came in (keys sorted by UTF-16 code unit, as in RFC 8785 §3.2.3).
 * Members whose dotted path is in `omit` are left out; array indexes are steps of a path.
 */
export const canonicalJson = (value: unknown, omit: ReadonlySet<string> = NOTHING): string => write(value, omit, '');

const NOTHING: ReadonlySet<string> = new Set();

const write = (value: unknown, omit: ReadonlySet<string>, path: string): string => {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map((item, index) => write(item, omit, join(path, String(index), omit))).join(',')}]`;
  const members: string[] = [];
  for (const key of Object.keys(value).sort()) {
    const here = join(path, key, omit);
    if (!omit.has(here)) members.push(`${JSON.stringify(key)}:${write((value as Record<string, unknown>)[key], omit, here)}`);
  }
  return `{${members.join(',')}}`;
};

const join = (path: string, step: string, omit: ReadonlySet<string>): string => {
  if (omit.size === 0) return path;
  return path === '' ? step : `${path}.${step}`;
};
