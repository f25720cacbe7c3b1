import type { Manifest } from '#contract';
import { storedNames } from '#manifest';

/** One sentence for each stored secret that a manifest needs and that nobody has stored yet. */
export const warnOfUnstored = (manifest: Manifest, stored: readonly { name: string }[]): string[] => {
  const known = new Set(stored.map(({ name }) => name));
  return storedNames(manifest).filter((name) => !known.has(name)).map((name) => `There is no stored secret ${name} yet, and whoever needs it is not served. Store it: trunkline secrets set ${name}`);
};
