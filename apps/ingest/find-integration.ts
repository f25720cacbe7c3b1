import { refuse, type Integration, type Refusal } from './webhook-stages.ts';

type Book = {
  /** By `<partner>/<name>`. */
  integrations: ReadonlyMap<string, Integration>;
  knowsPartner(name: string): boolean;
};

/** The integration that a URL names, if it may receive now. */
export const findIntegration = ({ integrations, knowsPartner }: Book, partner: string, name: string): Integration | Refusal => {
  const integration = integrations.get(`${partner}/${name}`);
  if (integration?.paused) return refuse('paused', 'This integration is paused. Send again later, or resume it.', 300);
  if (integration !== undefined) return integration;
  if (!knowsPartner(partner)) return refuse('unknown-partner', 'There is no partner of this name. Check the URL.');
  return refuse('unknown-integration', 'This partner has no integration of this name that takes webhooks. Check the URL and the applied manifest.');
};
