import type { IdentifierRule, WebhookProfile } from '#contract';
import type { ApiClient } from './api-client.ts';

/** What a partner is to the hub: how its webhooks look and what it can be asked to do. Knows no Nest, NATS or SQL. */
export type Partner = {
  name: string;
  /** Absent when the partner sends us nothing. */
  webhooks?: WebhookProfile;
  /** By action name, kebab-case imperative: `post-message`. */
  actions: Record<string, Action>;
  /** What an integration must bring: names of credentials and settings, each with a sentence. */
  needs: { credentials: Record<string, string>; settings: Record<string, string> };
  /** Which credential an access token becomes, behind `prefix`; absent when the partner's tokens do not expire. */
  oauth?: { credential: string; prefix?: string };
  /** Names of fields, in its webhooks and answers, whose values no log line may show, beside those that everyone knows. */
  masked?: { secret?: readonly string[]; personal?: readonly string[] };
  /** Where its webhooks' bodies name persons: such events are sealed, found by these identifiers, and can be erased. */
  personal?: readonly IdentifierRule[];
};

/**
 * How it is found out whether a call took effect when its answer was lost:
 * `key`: the partner deduplicates by idempotency key, so call again; `natural`: the call may be repeated as it is;
 * `lookup`: ask the partner whether our reference exists; `none`: a person decides.
 */
export type Resolution = 'key' | 'natural' | 'lookup' | 'none';

export type Action = {
  /** One sentence for people. */
  about: string;
  resolution: Resolution;
  /** JSON Schema of the input; the connector dead-letters what does not fit (`input-invalid`). */
  input: object;
  /** Where the input says to whom a message goes: nothing is sent to whoever wants none. */
  recipients?: readonly IdentifierRule[];
  /** Makes the call once. Throws `PartnerFailure` for every answer that is not a success. */
  perform(call: Call): Promise<Performed>;
  /** With `lookup` only: what an earlier, unanswered attempt left behind, if anything. */
  lookup?(call: Call): Promise<Performed | undefined>;
};

/** Everything an action may use to make one call. */
export type Call = {
  /** The command's id: the partner's idempotency key, and our reference in the partner's records. */
  idempotencyKey: string;
  correlationId: string;
  input: unknown;
  account: Account;
  http: ApiClient;
  /** RFC 3339 UTC: nothing of this command happened earlier, so a lookup need not search further back. */
  issuedAt?: string;
};

/** One account with a partner, secrets in the clear: never logged. */
export type Account = {
  integration: string;
  credentials: Record<string, string>;
  settings: Record<string, string>;
};

/** What the partner answered. `reference` is the partner's own id of what was made. */
export type Performed = { status: number; reference?: string };
