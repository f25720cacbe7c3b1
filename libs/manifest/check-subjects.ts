import { CATEGORIES, type Manifest } from '#contract';
import { didYouMean } from './did-you-mean.ts';
import type { ManifestProblem } from './problem-list.ts';

const TOKEN = /^(\*|[A-Za-z0-9_-]+)$/;
const isExact = (token: string | undefined): token is string => token !== undefined && token !== '*' && token !== '>';

const shapeOf = (tokens: string[]): string | undefined => {
  const rest = tokens.at(-1) === '>';
  const wrong = (rest ? tokens.slice(0, -1) : tokens).find((token) => !TOKEN.test(token));
  if (wrong !== undefined) return `'${wrong}' cannot be a part of it: letters, digits, _ and -, or * for any one part, or > at the end`;
  if (!rest && tokens.length < 4) return 'is too short; write <partner>.<integration>.<category>.<name…>, or end with .> for the rest';
  return undefined;
};

const categoryOf = (category: string | undefined): string | undefined =>
  !isExact(category) || (CATEGORIES as readonly string[]).includes(category) ? undefined : `'${category}' is no category; ${didYouMean(category, CATEGORIES)}`;

/** What the hub itself says (schedules, operators) comes from no integration of the manifest. */
const HUB = 'trunkline';

const sourceOf = (partner: string, integration: string | undefined, manifest: Manifest): string | undefined => {
  if (partner === HUB) return undefined;
  const accounts = manifest.integrations.filter((one) => !isExact(partner) || one.partner === partner);
  if (isExact(partner) && accounts.length === 0) return `no integration has the partner '${partner}'; ${didYouMean(partner, new Set(manifest.integrations.map((one) => one.partner)))}`;
  if (!isExact(integration) || accounts.some((one) => one.name === integration)) return undefined;
  return `there is no integration '${partner}.${integration}'; ${didYouMean(`${partner}.${integration}`, accounts.map((one) => `${one.partner}.${one.name}`))}`;
};

const checkIn = (manifest: Manifest, member: 'routes' | 'consent'): ManifestProblem[] =>
  (manifest[member] ?? []).flatMap(({ on }, at) => {
    const tokens = on.split('.');
    const message = shapeOf(tokens) ?? categoryOf(tokens[2]) ?? sourceOf(tokens[0]!, tokens[1], manifest);
    return message === undefined ? [] : [{ path: [member, at, 'on'], message }];
  });

/** Routes and consents whose `on` cannot be read, or can never match. */
export const checkSubjects = (manifest: Manifest): ManifestProblem[] => [...checkIn(manifest, 'routes'), ...checkIn(manifest, 'consent')];
