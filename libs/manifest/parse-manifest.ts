import { HubError, type Manifest } from '#contract';
import { checkExpressions } from './check-expressions.ts';
import { checkIntegrations } from './check-integrations.ts';
import { checkNames } from './check-names.ts';
import { checkRetention } from './check-retention.ts';
import { checkSchema } from './check-schema.ts';
import { checkSize } from './check-size.ts';
import { checkSubjects } from './check-subjects.ts';
import { checkTargets } from './check-targets.ts';
import { fillDefaults } from './fill-defaults.ts';
import type { KnownPartners } from './known-partners.ts';
import type { ManifestSource } from './manifest-source.ts';
import { pathText, type ManifestProblem } from './problem-list.ts';
import { readYaml, type YamlText } from './read-yaml.ts';

/** One thing that is wrong with a file. `line` counts from 1; `path` is `routes[0].to[1].do`, or empty for the whole. */
export type LocatedProblem = { line: number; path: string; message: string };

/** Carries every problem, for programs; its message lists them, for people. */
export class ManifestError extends HubError {
  constructor(readonly problems: readonly LocatedProblem[]) {
    const count = problems.length === 1 ? 'one problem' : `${problems.length} problems`;
    const lines = problems.map(({ line, path, message }) => `  line ${line}${path === '' ? '' : `, ${path}`}: ${message}`);
    super('manifest-invalid', `The manifest has ${count}:\n${lines.join('\n')}\nNothing was applied. Correct the file and try again.`);
  }
}

const located = (yaml: YamlText, problems: readonly ManifestProblem[]): LocatedProblem[] =>
  problems.map(({ path, message }) => ({ line: yaml.lineOf(path), path: pathText(path), message })).sort((one, other) => one.line - other.line);

const refuseIfAny = (problems: readonly LocatedProblem[]): void => {
  if (problems.length > 0) throw new ManifestError(problems);
};

/**
 * Reads `trunkline.yaml`: complete, with every default filled in, and `${ENV}` references as they are.
 * With `partners`, also checks partners, actions, credentials and settings by name.
 * Throws ManifestError, a HubError('manifest-invalid'), that lists every problem with its line.
 */
export const parseManifest = (yamlText: string, options: { partners?: KnownPartners } = {}): Manifest => {
  const yaml = readYaml(yamlText);
  refuseIfAny(yaml.problems.map((problem) => ({ ...problem, path: '' })));
  refuseIfAny(located(yaml, checkSchema(yaml.value)));
  const manifest = fillDefaults(yaml.value as ManifestSource);
  const problems = [
    ...checkNames(manifest),
    ...checkIntegrations(manifest, options.partners),
    ...checkSubjects(manifest),
    ...checkTargets(manifest, options.partners),
    ...checkExpressions(manifest),
    ...checkRetention(manifest),
    ...checkSize(manifest),
  ];
  refuseIfAny(located(yaml, problems));
  return manifest;
};
