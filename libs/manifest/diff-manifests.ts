import { isDeepStrictEqual } from 'node:util';
import type { Manifest } from '#contract';

/** One integration, route, consent or retention that a new manifest adds, removes or changes. `members` names what differs; reordering counts for nothing. */
export type ManifestChange = { kind: 'added' | 'removed' | 'changed'; what: 'integration' | 'route' | 'consent' | 'retention'; name: string; members: string[] };

type Entry = { name: string; spec: Record<string, unknown> };

const differing = (before: Record<string, unknown>, after: Record<string, unknown>): string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((member) => !isDeepStrictEqual(before[member], after[member]));

const diffEntries = (what: ManifestChange['what'], before: Entry[], after: Entry[]): ManifestChange[] => {
  const old = new Map(before.map((entry) => [entry.name, entry.spec]));
  const fresh = new Set(after.map((entry) => entry.name));
  const removed = before.filter(({ name }) => !fresh.has(name)).map(({ name }): ManifestChange => ({ kind: 'removed', what, name, members: [] }));
  const rest = after.flatMap(({ name, spec }): ManifestChange[] => {
    const known = old.get(name);
    if (known === undefined) return [{ kind: 'added', what, name, members: [] }];
    const members = differing(known, spec);
    return members.length === 0 ? [] : [{ kind: 'changed', what, name, members }];
  });
  return [...removed, ...rest];
};

const integrationsOf = (manifest: Manifest | undefined): Entry[] => (manifest?.integrations ?? []).map((spec) => ({ name: `${spec.partner}.${spec.name}`, spec }));
const routesOf = (manifest: Manifest | undefined): Entry[] => (manifest?.routes ?? []).map((spec) => ({ name: spec.name, spec }));
const retentionsOf = (manifest: Manifest | undefined): Entry[] =>
  Object.entries(manifest?.retention ?? {}).map(([name, keepMs]) => ({ name, spec: { [`${keepMs / 86_400_000}d`]: true } }));

const consentOf = (manifest: Manifest | undefined): Entry[] => (manifest?.consent ?? []).map((spec) => ({ name: spec.name, spec }));

/** What would change if `after` came into force where `before` is (undefined: nothing was ever applied). Empty when both mean the same. */
export const diffManifests = (before: Manifest | undefined, after: Manifest): ManifestChange[] => [
  ...diffEntries('integration', integrationsOf(before), integrationsOf(after)),
  ...diffEntries('route', routesOf(before), routesOf(after)),
  ...diffEntries('consent', consentOf(before), consentOf(after)),
  ...diffEntries('retention', retentionsOf(before), retentionsOf(after)),
];

const SIGNS = { added: '+', removed: '-', changed: '~' } as const;

/** `~ route paid (when, to)` */
export const changeText = ({ kind, what, name, members }: ManifestChange): string =>
  `${SIGNS[kind]} ${what} ${name}${members.length === 0 ? '' : ` (${members.join(', ')})`}`;
