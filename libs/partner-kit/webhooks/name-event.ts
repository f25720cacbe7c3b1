import { asEventName, type NameRule } from '#contract';
import { headerOf, type WebhookRequest } from '../signatures/webhook-request.ts';
import { asText, readPath } from './read-path.ts';

/** The event's name as subject tokens (`invoice.paid`), in the partner's own words; `_` when it gives none. */
export const nameEvent = (rule: NameRule, request: Pick<WebhookRequest, 'headers'>, parsed: unknown): string => {
  let name = '';
  for (const part of rule.parts) {
    const word = wordOf(part, request, parsed);
    if (!word) continue;
    if (rule.pick === 'first') return asEventName(word);
    name = name === '' ? word : `${name}.${word}`;
    if (word && rule.pick === 'first') break;
  }
  return asEventName(name);
};

const wordOf = (part: NameRule['parts'][number], request: Pick<WebhookRequest, 'headers'>, parsed: unknown): string | undefined => {
  if ('word' in part) return part.word;
  return 'header' in part ? headerOf(request, part.header) : asText(readPath(parsed, part.path));
};
