import type { Manifest } from '#contract';
import { hasReference } from './substitute.ts';

const OAUTH_SECRETS = ['clientSecret', 'refreshToken'] as const;

/** One sentence for each secret that stands in the manifest itself: the applied manifest stays on the log for good. */
export const warnOfSecrets = (manifest: Manifest): string[] =>
  manifest.integrations.flatMap(({ partner, name, credentials, oauth, webhook }) => {
    const literal = [
      ...Object.entries(credentials).filter(([, text]) => !hasReference(text)).map(([key]) => `credentials.${key}`),
      ...OAUTH_SECRETS.filter((key) => oauth?.[key] !== undefined && !hasReference(oauth[key])).map((key) => `oauth.${key}`),
      ...(webhook?.secrets ?? []).flatMap((text, at) => (hasReference(text) ? [] : [`webhook.secrets[${at}]`])),
    ];
    return literal.map((place) => `${partner}.${name}: ${place} is written out, and would stay on the log for good. Store it (trunkline secrets set <name>) and write \${vault:<name>}, or set a variable and write \${NAME}.`);
  });
