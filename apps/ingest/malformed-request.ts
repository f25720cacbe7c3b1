import { tooLarge } from './refusals.ts';
import { refuse, type Refusal } from './webhook-stages.ts';

/** The refusal for a body that Fastify could not read because of what was sent; undefined when it was not the sender's doing. */
export const malformedRequest = (error: Error & { code?: string }, maxBodyBytes: number): Refusal | undefined => {
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return tooLarge(maxBodyBytes);
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return refuse('unsupported-media-type', 'The content type cannot be read.');
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
    case 'ECONNRESET':
      return refuse('malformed', 'The body ended before its announced length.');
    default:
      return undefined;
  }
};
