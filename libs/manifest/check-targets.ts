import type { Manifest, TargetSpec } from '#contract';
import { didYouMean } from './did-you-mean.ts';
import type { KnownPartners } from './known-partners.ts';
import type { ManifestProblem } from './problem-list.ts';

const MAX_DEADLINE_MS = 30 * 86_400_000;
const SHAPE = /^([a-z0-9-]+)\.([a-z0-9-]+)\.([a-z0-9-]+)$/;

const wrongTarget = (target: TargetSpec, accounts: Set<string>, partners: KnownPartners | undefined): string | undefined => {
  const match = SHAPE.exec(target.do);
  if (match === null) return `'${target.do}' must be <partner>.<integration>.<action>`;
  const [, partner, integration, action] = match as unknown as [string, string, string, string];
  if (!accounts.has(`${partner}.${integration}`)) return `there is no integration '${partner}.${integration}'; ${didYouMean(`${partner}.${integration}`, accounts)}`;
  const actions = partners?.[partner]?.actions;
  if (actions === undefined || Object.hasOwn(actions, action)) return undefined;
  return `${partner} cannot '${action}'; ${didYouMean(action, Object.keys(actions))}`;
};

/** Targets of accounts or actions that do not exist, and deadlines beyond 30 days. */
export const checkTargets = (manifest: Manifest, partners?: KnownPartners): ManifestProblem[] => {
  const accounts = new Set(manifest.integrations.map(({ partner, name }) => `${partner}.${name}`));
  return manifest.routes.flatMap(({ to }, route) =>
    to.flatMap((target, at) => {
      const path = ['routes', route, 'to', at];
      const problems: ManifestProblem[] = [];
      const message = wrongTarget(target, accounts, partners);
      if (message !== undefined) problems.push({ path: [...path, 'do'], message });
      if (target.deadlineMs > MAX_DEADLINE_MS) problems.push({ path: [...path, 'deadline'], message: 'may be 30d at most' });
      return problems;
    }),
  );
};
