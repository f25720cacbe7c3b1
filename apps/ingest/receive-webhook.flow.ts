import type { Identifier } from '#contract';
import { acceptEvent, type AcceptedEvent } from './accept-event.ts';
import { greetPartner } from './greet-partner.ts';
import { readBody } from './read-body.ts';
import { findIdentifiers } from './find-identifiers.ts';
import { recordEvent } from './record-event.ts';
import { verifyWebhook } from './verify-webhook.ts';
import { isRefusal, type Receipt, type ReceivedWebhook } from './webhook-stages.ts';

type Needs = {
  now(): number;
  /** Makes an event unreadable without the keys of the persons that it names, who are on disk when it returns. */
  seal(event: AcceptedEvent, identifiers: readonly Identifier[]): Promise<AcceptedEvent>;
  append(event: AcceptedEvent): Promise<{ first: boolean; id: string; correlationId: string }>;
};

/** Takes one webhook: verified, sound and on disk, or refused with a cause. Waits for nothing but the log. */
export const receiveWebhook = (needs: Needs) => async (received: ReceivedWebhook): Promise<Receipt> => {
  const nowMs = needs.now();
  const early = greetUnsigned(received);
  if (early) return early;
  const verified = verifyWebhook(received, nowMs);
  if (isRefusal(verified)) return verified;
  const body = readBody(verified);
  if (isRefusal(body)) return body;
  const greeting = greetPartner(verified.integration, body);
  if (greeting) return greeting;
  return recordEvent(needs, acceptEvent(verified, body, nowMs), findIdentifiers(verified.integration, body));
};

/** Some partners greet before they sign; whatever else came unsigned goes on to be refused. */
const greetUnsigned = (received: ReceivedWebhook): Receipt | undefined => {
  if (received.integration.profile.handshake?.signed !== false) return undefined;
  const body = readBody(received);
  return isRefusal(body) ? undefined : greetPartner(received.integration, body);
};
