import { CARRIED, inboundEventId, type NewEvent } from '#contract';
import { headerOf, identifyEvent, nameEvent } from '#partner-kit';
import type { ReadBody, VerifiedWebhook } from './webhook-stages.ts';

/** An event that may go on record: made of a verified webhook only. */
export type AcceptedEvent = NewEvent;

const HOPS_HEADER = 'x-trunkline-hops';
const HOPS = /^\d{1,4}$/;
const MAX_KEPT_LENGTH = 1024;

/** Makes the event of a verified webhook: named in the partner's words, its id the same for every delivery of the same thing. */
export const acceptEvent = ({ integration, request, flow }: VerifiedWebhook, body: ReadBody, nowMs: number): AcceptedEvent => {
  const { partner, name, tenant, profile } = integration;
  return {
    id: inboundEventId(partner, name, identifyEvent(profile.identity, request, body.value)),
    type: `inbound.${nameEvent(profile.name, request, body.value)}`,
    partner,
    integration: name,
    tenant,
    correlationId: flow.correlationId,
    occurredAt: new Date(nowMs).toISOString(),
    schemaVersion: 1,
    contentType: headerOf(request, 'content-type') ?? '',
    data: request.body,
    headers: keptHeaders(profile.keepHeaders, request, flow.traceparent),
  };
};

const keptHeaders = (names: readonly string[], request: VerifiedWebhook['request'], traceparent: string | undefined): Record<string, string> => {
  const kept: Record<string, string> = {};
  for (const name of names) {
    const value = headerOf(request, name);
    if (value !== undefined && value.length <= MAX_KEPT_LENGTH) kept[name] = value;
  }
  if (traceparent !== undefined) kept[CARRIED.traceparent] = traceparent;
  const hops = headerOf(request, HOPS_HEADER);
  if (hops !== undefined && HOPS.test(hops)) kept[CARRIED.hops] = hops;
  return kept;
};
