import type { Partner } from './ports.ts';

/** The names of fields that log lines must mask for these partners: their credentials, and whatever else they declare. */
export const maskedFields = (partners: readonly Partner[]): { secret: string[]; personal: string[] } => ({
  secret: partners.flatMap(({ needs, masked }) => [...Object.keys(needs.credentials), ...(masked?.secret ?? [])]),
  personal: partners.flatMap(({ masked }) => masked?.personal ?? []),
});
