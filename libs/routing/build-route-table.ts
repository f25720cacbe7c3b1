import { HubError, isHubError, type Manifest, type RouteSpec, type TargetSpec } from '#contract';
import { compileFilter, type Filter } from './compile-filter.ts';
import { compileMapping, type Mapping } from './compile-mapping.ts';
import { createSubjectTrie, type SubjectTrie } from './subject-trie.ts';

/** A route whose filter and mappings have been compiled. */
export type Route = { spec: RouteSpec; order: number; filter?: Filter; targets: readonly Target[] };

export type Target = { spec: TargetSpec; partner: string; integration: string; action: string; mapping(): Mapping | undefined };

/** The routes of one manifest, ready to be matched. */
export type RouteTable = { routes: readonly Route[]; bySubject: SubjectTrie<Route> };

/** A mapping costs about 100 µs to compile, and most of a large manifest's are never used between two versions of it. */
const compileOnce = (text: string | undefined): (() => Mapping | undefined) => {
  let mapping: Mapping | undefined;
  return () => (text === undefined ? undefined : (mapping ??= compileMapping(text)));
};

const buildTarget = (spec: TargetSpec): Target => {
  const [partner = '', integration = '', action = ''] = spec.do.split('.');
  return { spec, partner, integration, action, mapping: compileOnce(spec.with) };
};

const compileWhen = (spec: RouteSpec): Filter | undefined => {
  try {
    return spec.when === undefined ? undefined : compileFilter(spec.when);
  } catch (error) {
    if (isHubError(error)) throw new HubError(error.code, `Route '${spec.name}', when: ${error.message}`, { cause: error });
    throw error;
  }
};

/** Compiles a manifest's routes. Throws HubError('manifest-invalid') when a filter does not compile. */
export const buildRouteTable = (manifest: Pick<Manifest, 'routes'>): RouteTable => {
  const bySubject = createSubjectTrie<Route>();
  const routes = manifest.routes.map((spec, order) => ({ spec, order, filter: compileWhen(spec), targets: spec.to.map(buildTarget) }));
  for (const route of routes) bySubject.add(route.spec.on, route);
  return { routes, bySubject };
};
