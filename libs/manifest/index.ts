export { manifestSchema } from './manifest-schema.ts';
export { ManifestError, parseManifest, type LocatedProblem } from './parse-manifest.ts';
export type { KnownPartners } from './known-partners.ts';
export { substitute, type Environment, type Found, type StoredSecrets } from './substitute.ts';
export { resolveIntegration, type ResolvedIntegration } from './resolve-integration.ts';
export { storedNames } from './stored-names.ts';
export { warnOfSecrets } from './warn-of-secrets.ts';
export { changeText, diffManifests, type ManifestChange } from './diff-manifests.ts';
export { durationMs } from './read-duration.ts';
