import type { ErrorCode, FailureClass } from '#contract';
import { PartnerFailure, retryAfterMs, type ApiAnswer } from '#partner-kit';

type Row = [FailureClass, ErrorCode, { effectUnknown?: true }?];

const AUTH: Row = ['auth', 'partner-auth-failed'];
const LIMITED: Row = ['rate-limit', 'partner-rate-limited'];
const BUSY: Row = ['transient', 'partner-error'];
/** Slack says of these that part of the work may have been done. */
const HALF_DONE: Row = ['transient', 'partner-error', { effectUnknown: true }];
const REFUSED: Row = ['client', 'partner-refused'];

/** Slack's error words that are not simply a refusal. docs.slack.dev/reference/methods/chat.postMessage#errors */
const ROWS: Record<string, Row> = {
  ratelimited: LIMITED,
  rate_limited: LIMITED,
  message_limit_exceeded: LIMITED,
  not_authed: AUTH,
  invalid_auth: AUTH,
  account_inactive: AUTH,
  token_revoked: AUTH,
  token_expired: AUTH,
  no_permission: AUTH,
  missing_scope: AUTH,
  not_allowed_token_type: AUTH,
  ekm_access_denied: AUTH,
  org_login_required: AUTH,
  team_access_not_granted: AUTH,
  access_denied: AUTH,
  service_unavailable: BUSY,
  team_added_to_org: BUSY,
  request_timeout: BUSY,
  fatal_error: HALF_DONE,
  internal_error: HALF_DONE,
  // Of incoming webhooks
  invalid_token: AUTH,
  no_active_hooks: AUTH,
  no_service: AUTH,
  rollup_error: HALF_DONE,
};

/** The failure that Slack's error word stands for; an unknown word is a refusal. */
export const slackFailure = (word: string, answer: ApiAnswer, nowMs: number): PartnerFailure => {
  const [failureClass, code, more] = ROWS[word] ?? REFUSED;
  const needed = (answer.body as { needed?: unknown } | undefined)?.needed;
  const hint = typeof needed === 'string' ? ` (needs ${needed})` : '';
  return new PartnerFailure(failureClass, code, `Slack answered ${word}${hint}`, { status: answer.status, retryAfterMs: retryAfterMs(answer.headers, nowMs), ...more });
};
