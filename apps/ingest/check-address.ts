import { refuse, type Integration, type Refusal, type WebhookHead } from './webhook-stages.ts';

/** Refuses an address that the integration does not list. */
export const checkAddress = ({ address }: WebhookHead, { allowFrom }: Integration): Refusal | undefined =>
  allowFrom === undefined || allowFrom.has(address()) ? undefined : refuse('address-refused', 'Webhooks of this integration are not taken from this address.');
