import type { Manifest } from '#contract';
import { requiredSecrets } from './substitute.ts';

/** The names of stored secrets that a manifest cannot do without, each once, in order. */
export const storedNames = ({ integrations }: Manifest): string[] => {
  const texts = integrations.flatMap(({ credentials, settings, oauth = {}, webhook }) => [...Object.values(credentials), ...Object.values(settings), ...Object.values(oauth), ...(webhook?.secrets ?? [])]);
  return [...new Set(texts.flatMap(requiredSecrets))].toSorted();
};
