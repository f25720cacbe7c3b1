import { scanJson, type JsonFault } from '#partner-kit';
import { isForm, isJson, mediaTypeOf } from './media-type.ts';
import { refuse, type ReadBody, type ReceivedWebhook, type Refusal } from './webhook-stages.ts';

const FAULTS: Record<JsonFault, string> = {
  empty: 'is empty',
  'not-utf8': 'is not UTF-8',
  truncated: 'ends too early',
  syntax: 'is not JSON',
  'too-deep': 'is nested deeper than 64 levels',
  'duplicate-key': 'gives the same key twice',
  'polluting-key': 'has a key that could change prototypes',
  trailing: 'goes on after its end',
};

const UNREAD: ReadBody = { value: undefined };

/** Refuses a JSON body that is not sound, and parses a JSON or form body when a rule of the integration looks into it. */
export const readBody = ({ integration, request }: ReceivedWebhook): ReadBody | Refusal => {
  const mediaType = mediaTypeOf(request.headers);
  if (isJson(mediaType)) {
    const defect = scanJson(request.body);
    if (defect) return refuse('malformed', `The body ${FAULTS[defect.fault]} (byte ${defect.offset}).`);
    return integration.readsBody ? { value: JSON.parse(request.body.toString('utf8')) } : UNREAD;
  }
  return integration.readsBody && isForm(mediaType) ? { value: readForm(request.body) } : UNREAD;
};

/** A form's fields; of a field that came twice, the list of its values. */
const readForm = (body: Buffer): Record<string, unknown> => {
  const fields: Record<string, unknown> = Object.create(null);
  const form = new URLSearchParams(body.toString('utf8'));
  for (const name of new Set(form.keys())) {
    const values = form.getAll(name);
    fields[name] = values.length === 1 ? values[0] : values;
  }
  return fields;
};
