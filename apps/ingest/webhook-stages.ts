import type { IdentifierRule, INGEST_OUTCOMES, IngestOutcome, WebhookProfile } from '#contract';
import type { AddressList, RateLimit, RateVerdict } from '#boot';
import type { WebhookRequest } from '#partner-kit';
import type { Flow } from '#telemetry';

/** One account that takes webhooks, as the manifest in force and this room's environment give it. Never changed in place. */
export type Integration = {
  partner: string;
  name: string;
  tenant: string;
  paused: boolean;
  /** Secrets in the clear: never logged. */
  secrets: readonly string[];
  profile: WebhookProfile;
  /** Where bodies name persons; none are looked for when it is empty. */
  personal: readonly IdentifierRule[];
  /** Who may send; absent when everyone may. */
  allowFrom?: AddressList;
  /** Whether any rule of the profile looks into the body; if none does, nobody parses it. */
  readsBody: boolean;
};

/** What is known of a request before its body is read. */
export type WebhookHead = {
  method: string;
  partner: string;
  integration: string;
  headers: WebhookRequest['headers'];
  /** Where the request came from; only asked for when something is decided by it. */
  address(): string;
};

/** A whole request to an integration. Nothing about it is trusted yet. */
export type ReceivedWebhook = {
  integration: Integration;
  request: WebhookRequest;
  /** Its `traceparent` goes on in the event's headers, so that what follows joins the trace. */
  flow: Flow;
};

declare const verified: unique symbol;

/** A request that the partner's signature scheme vouches for. Only `verifyWebhook` makes one. */
export type VerifiedWebhook = ReceivedWebhook & { readonly [verified]: true };

/** The body as its rules may look at it: `value` is undefined when it is not JSON or a form, or no rule needs it. */
export type ReadBody = { value: unknown };

type Answered = 'accepted' | 'duplicate' | 'handshake';

/** Why a request was refused. `detail` is for the sender and the log: it says what to do, and holds no secret. */
export type Refusal = {
  outcome: Exclude<IngestOutcome, Answered> | 'method-not-allowed';
  detail: string;
  retryAfterS?: number;
  /** With `rate-limited`: by which limit, and what it says. */
  rate?: { name: string; limit: RateLimit; verdict: RateVerdict };
};

/** What became of a request. With `duplicate` the correlation id is the original's. */
export type Receipt =
  | { outcome: 'accepted' | 'duplicate'; eventId: string; correlationId: string }
  | { outcome: 'handshake'; contentType: string; body: string }
  | Refusal;

/** Every outcome that is counted: the contract's, and a method that no webhook uses. */
export type Outcome = keyof typeof INGEST_OUTCOMES | 'method-not-allowed';

export const refuse = (outcome: Refusal['outcome'], detail: string, retryAfterS?: number): Refusal => ({ outcome, detail, retryAfterS });

export const isRefusal = (result: object): result is Refusal => 'detail' in result;
