import { isHubError, type Manifest } from '#contract';
import { compileFilter, compileMapping } from '#routing';
import type { ManifestProblem, Path } from './problem-list.ts';

const problemsOf = (path: Path, compile: () => unknown): ManifestProblem[] => {
  try {
    compile();
    return [];
  } catch (error) {
    if (!isHubError(error)) throw error;
    return [{ path, message: error.message }];
  }
};

/** Filters and mappings that do not compile. */
export const checkExpressions = (manifest: Manifest): ManifestProblem[] => [
  ...manifest.routes.flatMap(({ when, to }, route) => [
    ...(when === undefined ? [] : problemsOf(['routes', route, 'when'], () => compileFilter(when))),
    ...to.flatMap((target, at) => (target.with === undefined ? [] : problemsOf(['routes', route, 'to', at, 'with'], () => compileMapping(target.with!)))),
  ]),
  ...(manifest.consent ?? []).flatMap(({ when }, at) => (when === undefined ? [] : problemsOf(['consent', at, 'when'], () => compileFilter(when)))),
];
