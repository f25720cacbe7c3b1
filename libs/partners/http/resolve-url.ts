import { PartnerFailure } from '#partner-kit';

export type Query = Record<string, string | number | boolean | null | (string | number | boolean)[]>;

const refuse = (why: string): never => {
  throw new PartnerFailure('client', 'input-invalid', why);
};

const parse = (url: string, what: string): URL => URL.parse(url) ?? refuse(`${what} is not a URL`);

const isBelow = (target: URL, base: URL): boolean => {
  const root = base.pathname.replace(/\/+$/, '');
  return target.origin === base.origin && (target.pathname === root || target.pathname.startsWith(`${root}/`));
};

/**
 * The absolute URL of a call. It is below `base` after every `..`, `%2e%2e` and `\` has been worked out (WHATWG URL), or the call is refused:
 * what an event brings along can choose a path, never a host.
 */
export const resolveUrl = (base: string, url: string, query: Query = {}): string => {
  const allowed = parse(base, 'the setting baseUrl');
  if (!/^https?:$/.test(allowed.protocol)) refuse('the setting baseUrl is neither http nor https');
  const target = parse(/^[a-z][a-z0-9+.-]*:/i.test(url) ? url : `${base.replace(/\/+$/, '')}/${url.replace(/^[/\\]+/, '')}`, 'the url');
  if (target.username !== '' || target.password !== '') refuse('the url brings credentials; set them in trunkline.yaml');
  if (!isBelow(target, allowed)) refuse("the url is outside the account's baseUrl");
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) if (one !== null) target.searchParams.append(name, String(one));
  }
  target.hash = '';
  return target.href;
};
