import { headerOf, type WebhookRequest } from '#partner-kit';

/** The media type of a request in lower case, without parameters; empty when it names none. */
export const mediaTypeOf = (headers: WebhookRequest['headers']): string => {
  const header = headerOf({ headers }, 'content-type') ?? '';
  const end = header.indexOf(';');
  return (end < 0 ? header : header.slice(0, end)).trim().toLowerCase();
};

export const isJson = (mediaType: string): boolean => mediaType === 'application/json' || mediaType.endsWith('+json');

export const isForm = (mediaType: string): boolean => mediaType === 'application/x-www-form-urlencoded';
