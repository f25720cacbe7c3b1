import type { HeaderSource } from '#contract';
import { headerOf, type WebhookRequest } from './webhook-request.ts';

export type Separators = { items: string; keyValue: string };

const STRIPE_LIKE: Separators = { items: ',', keyValue: '=' };

/**
 * Every value that a request holds at a source, in order: all `v1` of `t=1,v1=a,v1=b`, both of `v1,abc v1,def`,
 * or the whole header when neither an item nor separators are named.
 */
export const headerItems = (request: WebhookRequest, source: HeaderSource, separators?: Separators): string[] => {
  const header = headerOf(request, source.header);
  if (header === undefined) return [];
  if (source.item === undefined) return separators === undefined ? [header] : header.split(separators.items).map(trimmed);
  const { items, keyValue } = separators ?? STRIPE_LIKE;
  const start = source.item + keyValue;
  const values: string[] = [];
  for (const item of header.split(items)) {
    const text = item.trim();
    if (text.startsWith(start)) values.push(text.slice(start.length));
  }
  return values;
};

const trimmed = (text: string): string => text.trim();
