import type { Manifest } from '#contract';
import type { ManifestProblem, Path } from './problem-list.ts';

type Named = { key: string; path: Path; shown: string };

const repeats = (all: Named[]): ManifestProblem[] => {
  const seen = new Set<string>();
  return all.filter(({ key }) => seen.has(key) || !seen.add(key)).map(({ path, shown }) => ({ path, message: `${shown} is there twice; names are unique` }));
};

/** Names that are used twice, and the one that is the hub's own. */
export const checkNames = ({ integrations, routes, consent = [] }: Manifest): ManifestProblem[] => [
  ...repeats(integrations.map(({ partner, name }, at) => ({ key: `${partner}.${name}`, path: ['integrations', at, 'name'], shown: `'${partner}.${name}'` }))),
  ...repeats(routes.map(({ name }, at) => ({ key: name, path: ['routes', at, 'name'], shown: `'${name}'` }))),
  ...repeats(consent.map(({ name }, at) => ({ key: name, path: ['consent', at, 'name'], shown: `'${name}'` }))),
  ...routes.flatMap(({ to }, route) => repeats(to.map(({ name }, at) => ({ key: name, path: ['routes', route, 'to', at, 'name'], shown: `'${name}'` })))),
  ...integrations.flatMap(({ partner }, at) => (partner === 'trunkline' ? [{ path: ['integrations', at, 'partner'], message: "'trunkline' is the hub itself; name a partner" }] : [])),
];
