import type { WebhookProfile } from '#contract';
import { STANDARD_WEBHOOKS } from '#partner-kit';

/**
 * Names that senders give to what differs between two deliveries of one event: when it was sent, and which try it is.
 * Words that can be what an event is about (`message_id`, `request_id`, `delivery`, `time`) are not among them: losing an event is worse than doubling it.
 */
const DELIVERY_METADATA = [
  'timestamp', 'sent_at', 'sentAt', 'sent_on', 'sentOn', 'delivered_at', 'deliveredAt', 'delivery_time', 'deliveryTime',
  'delivery_id', 'deliveryId', 'webhook_delivery_id', 'webhookDeliveryId', 'delivery_attempt', 'deliveryAttempt', 'delivery_count', 'deliveryCount',
  'attempt', 'attempt_id', 'attemptId', 'attempt_number', 'attemptNumber', 'attempt_count', 'attemptCount',
  'retry', 'retry_count', 'retryCount', 'retry_number', 'retryNumber', 'redelivery', 'redelivered', 'nonce', 'signature',
];

/** The same words inside the envelopes that senders wrap around them. */
const ENVELOPES = ['meta', 'metadata', 'headers', '_meta'];

/** Standard Webhooks 1.0 unless the integration declares its own scheme. */
export const webhooks: WebhookProfile = {
  signature: STANDARD_WEBHOOKS,
  identity: { by: 'stable', omit: [...DELIVERY_METADATA, ...ENVELOPES.flatMap((envelope) => DELIVERY_METADATA.map((name) => `${envelope}.${name}`))] },
  name: { parts: [{ path: 'type' }, { path: 'event' }, { path: 'event_type' }, { path: 'eventType' }, { path: 'topic' }, { header: 'x-event-type' }, { header: 'x-event-name' }], pick: 'first' },
  contentTypes: ['application/json', 'application/x-www-form-urlencoded', 'application/xml', 'text/xml', 'text/plain'],
  keepHeaders: ['webhook-id', 'x-event-type', 'x-event-name'],
};
