/** Shapes of credentials that partners are known to echo; matched wherever they stand. */
const KNOWN_SHAPES =
  /\b(?:(?:sk|rk|pk)_(?:live|test)_\w+|whsec_[\w+/=]+|xox[a-z]-[\w-]+|pat\w{10,}\.\w+|gh[a-z]_\w+|github_pat_\w+|(?:Bearer|Basic)\s+[\w.~+/=-]+|hooks\.slack\.com\/services\/[\w/]+)/gi;

const TELLTALE_HEADER = /auth|token|secret|cookie|api-?key|password/i;

/** Values in a request that must not come back in a message: credential headers, and long path segments or query values. */
const secretsIn = (request: { url: string; headers?: Record<string, string> }): string[] => {
  const found: string[] = [];
  for (const [name, value] of Object.entries(request.headers ?? {})) {
    if (TELLTALE_HEADER.test(name)) found.push(value, value.slice(value.lastIndexOf(' ') + 1));
  }
  const [path = '', query = ''] = request.url.split('?', 2);
  for (const pair of query.split('&')) found.push(pair.slice(pair.indexOf('=') + 1));
  for (const segment of path.split('/')) if (segment.length >= 20) found.push(segment);
  return found.filter((value) => value.length >= 6).sort((a, b) => b.length - a.length);
};

/** Makes a partner's words safe to log: whatever secret of the request they repeat becomes `***`, control characters become spaces. */
export const scrub = (words: string, request: { url: string; headers?: Record<string, string> }): string => {
  let safe = words.slice(0, 2_000).replace(KNOWN_SHAPES, '***');
  for (const secret of secretsIn(request)) safe = safe.replaceAll(secret, '***');
  return safe.replace(/[\s\p{Cc}]+/gu, ' ').trim();
};
