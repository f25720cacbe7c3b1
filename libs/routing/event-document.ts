import { ABOUT_HEADER, CARRIED, SEALED_HEADER, type HubEvent } from '#contract';
import type { MappingDocument } from './compile-mapping.ts';
import type { FilterDocument } from './compile-filter.ts';

/** An event as filters and mappings see it. The body is parsed when it is first read, and once. */
export type EventDocument = {
  forFilters(options: { readsBody: boolean }): FilterDocument;
  forMappings(): MappingDocument;
  /** What a target without a mapping is given: the parsed body, else its text. */
  input(): unknown;
};

const JSON_TYPE = /^[a-z]+\/(?:[^;\s]+\+)?json\s*(?:;|$)/i;
const FORM_TYPE = /^application\/x-www-form-urlencoded\s*(?:;|$)/i;

const readForm = (text: string): Record<string, string | string[]> => {
  const form = new URLSearchParams(text);
  const names = [...new Set(form.keys())].map((name) => [name, form.getAll(name)] as const);
  return Object.fromEntries(names.map(([name, values]) => [name, values.length === 1 ? values[0]! : values]));
};

const readJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** JSON and forms are values; anything else, and JSON that cannot be read, is undefined. */
const readBody = (event: HubEvent): unknown => {
  if (JSON_TYPE.test(event.contentType)) return readJson(event.data.toString('utf8'));
  if (FORM_TYPE.test(event.contentType)) return readForm(event.data.toString('utf8'));
  return undefined;
};

const partnerHeaders = (event: HubEvent): Record<string, string> => {
  const { [CARRIED.traceparent]: _trace, [CARRIED.hops]: _hops, [SEALED_HEADER]: _sealed, [ABOUT_HEADER]: _about, ...headers } = event.headers;
  return headers;
};

const factsOf = (event: HubEvent): MappingDocument['event'] => ({
  id: event.id,
  type: event.type,
  partner: event.partner,
  integration: event.integration,
  tenant: event.tenant,
  correlationId: event.correlationId,
  causationId: event.causationId,
  occurredAt: event.occurredAt,
  recordedAt: event.recordedAt,
});

/** Opens an event for filters and mappings. */
export const openEvent = (event: HubEvent): EventDocument => {
  let parsed: { body: unknown } | undefined;
  const body = (): unknown => (parsed ??= { body: readBody(event) }).body;
  const input = (): unknown => (body() === undefined ? event.data.toString('utf8') : body());
  const headers = partnerHeaders(event);
  return {
    forFilters: ({ readsBody }) => ({ body: readsBody ? body() : undefined, headers, type: event.type }),
    forMappings: () => ({ body: input(), headers, type: event.type, event: factsOf(event) }),
    input,
  };
};
