import { mediaTypeOf } from './media-type.ts';
import { refuse, type Integration, type Refusal, type WebhookHead } from './webhook-stages.ts';

/** Refuses a content type that the integration does not take, and compressed bodies: what is signed is what came over the wire. */
export const checkMediaType = ({ headers }: WebhookHead, { profile }: Integration): Refusal | undefined => {
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') return refuse('unsupported-media-type', 'Send the body without a content encoding.');
  if (profile.contentTypes.includes(mediaTypeOf(headers))) return undefined;
  return refuse('unsupported-media-type', `Send the body as ${profile.contentTypes.join(' or ')}.`);
};
