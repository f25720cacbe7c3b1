import type { Lane } from './command.ts';
import type { IdentifierRule, PersonalSpec } from './personal.ts';
import type { Category } from './event.ts';
import type { SignatureScheme, Handshake, IdentityRule, NameRule } from './webhook-profile.ts';

/** `trunkline.yaml` after parsing and validation; `${ENV}` references are still in it. */
export type Manifest = {
  version: 1;
  integrations: IntegrationSpec[];
  routes: RouteSpec[];
  consent?: ConsentSpec[];
  retention?: RetentionSpec;
};

/** What of the log goes after a while; what the hub says of itself is kept for good. */
export const PERISHABLE = ['inbound', 'command', 'sync', 'resource', 'integration', 'schedule'] as const satisfies readonly Category[];

/** How long events of a category are kept, in ms; those of a category that is not here are kept for good. `ids`: how long ids outlive them. */
export type RetentionSpec = Partial<Record<(typeof PERISHABLE)[number] | 'ids', number>>;

/** One account with one partner. */
export type IntegrationSpec = {
  partner: string;
  /** Lower-case letters, digits and dashes; unique per partner. */
  name: string;
  tenant: string;
  paused: boolean;
  webhook?: WebhookSpec;
  /** Changes where its webhooks name persons; absent: as the partner declares. */
  personal?: PersonalSpec;
  /** Secret values by name, as the partner's driver wants them. */
  credentials: Record<string, string>;
  /** How an access token is obtained, where the partner's tokens expire. */
  oauth?: OAuthSpec;
  /** Plain settings by name, for example `baseUrl`. */
  settings: Record<string, string>;
  limits: { concurrency: number; perSecond: number; timeoutMs: number };
  /** How many calls are meant to be made in a UTC day or month. It warns and stops nothing. */
  budget?: BudgetSpec;
};

/** What an account's calls are counted by. */
export const BUDGET_PERIODS = ['day', 'month'] as const;
export type BudgetSpec = { calls: number; per: (typeof BUDGET_PERIODS)[number] };

/** How an access token is obtained and renewed (OAuth 2.0, RFC 6749): by the client itself, or with a refresh token that somebody's consent gave. */
export type OAuthSpec = {
  tokenUrl: string;
  grant: OAuthGrant;
  clientId: string;
  /** Without it the client is a public one and only says its id. */
  clientSecret?: string;
  /** Where id and secret go: an `Authorization` header (Basic), or fields of the form. */
  clientAuth: OAuthClientAuth;
  /** The first one, with the grant `refresh_token`; those that the partner gives later are kept in the vault. */
  refreshToken?: string;
  scope?: string;
  audience?: string;
};

export const OAUTH_GRANTS = ['client_credentials', 'refresh_token'] as const;
export type OAuthGrant = (typeof OAUTH_GRANTS)[number];

export const OAUTH_CLIENT_AUTHS = ['basic', 'form'] as const;
export type OAuthClientAuth = (typeof OAUTH_CLIENT_AUTHS)[number];

/** How webhooks of this account are received. Whatever is not given is the partner's own profile. */
export type WebhookSpec = {
  /** Active signing secrets; any may match, so that they can be rotated. */
  secrets: string[];
  /** Addresses and ranges that may send; everyone may when it is absent. */
  allowFrom?: string[];
  signature?: SignatureScheme;
  handshake?: Handshake;
  identity?: IdentityRule;
  name?: NameRule;
  contentTypes?: string[];
  keepHeaders?: string[];
};

/** Sends events that match `on` and `when` to each target. */
export type RouteSpec = {
  name: string;
  /** `<partner>.<integration>.<category>.<name…>` with `*` for one token and a final `>` for the rest. */
  on: string;
  when?: FilterSpec;
  to: TargetSpec[];
};

export type TargetSpec = {
  name: string;
  /** `<partner>.<integration>.<action>` */
  do: string;
  /** JSONata over `{ body, headers, type, event }`, giving the action's input. Without it the body itself is the input. */
  with?: string;
  lane: Lane;
  /** Where the input names whom it goes to, for actions that cannot know. */
  recipients?: IdentifierRule[];
  /** How long the command may wait before it expires. */
  deadlineMs: number;
};

/** Events by which a person says that they want messages no more, or again. */
export type ConsentSpec = {
  name: string;
  /** As a route's `on`. */
  on: string;
  when?: FilterSpec;
  identifier: IdentifierRule;
  means: 'suppress' | 'allow';
};

/** A filter document; its language is in docs/config.md. */
export type FilterSpec = { [key: string]: unknown };
