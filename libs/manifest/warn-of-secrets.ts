import type { Manifest } from '#contract';
import { hasReference } from './substitute.ts';

/** One sentence for each secret that stands in the manifest itself: the applied manifest stays on the log for good. */
export const warnOfSecrets = (manifest: Manifest): string[] =>
  manifest.integrations.flatMap(({ partner, name, credentials, webhook }) => {
    const literal = [
      ...Object.entries(credentials).filter(([, text]) => !hasReference(text)).map(([key]) => `credentials.${key}`),
      ...(webhook?.secrets ?? []).flatMap((text, at) => (hasReference(text) ? [] : [`webhook.secrets[${at}]`])),
    ];
    return literal.map((place) => `${partner}.${name}: ${place} is written out, and would stay on the log for good. Write \${NAME} and set the variable instead.`);
  });
