import { bearerOf, headerText, json, jsonObject, text, type OrderedFailure, type PlayedPartner, type PlayNeeds, type SandboxAnswer, type SandboxCall } from './played-partner.ts';
import { SlackMessages } from './slack-messages.ts';

/** Slack answers 200 whatever happened. */
const no = (error: string, more: object = {}): SandboxAnswer => json(200, { ok: false, error, ...more });

/** Channels and token endings that bring an error about. */
const CHANNEL_ERRORS: Record<string, string> = {
  C0NOTFOUND: 'channel_not_found', C0ARCHIVED: 'is_archived', C0NOTIN: 'not_in_channel', C0INTERNAL: 'internal_error', C0FATAL: 'fatal_error', C0BUSY: 'service_unavailable',
};
const TOKEN_ERRORS: [RegExp, string][] = [[/revoked$/, 'token_revoked'], [/expired$/, 'token_expired'], [/inactive$/, 'account_inactive'], [/^(?!xox[bp]-)/, 'invalid_auth']];

const FAILURE_WORDS: Record<number, string> = { 429: 'ratelimited', 503: 'service_unavailable' };

const SERVICES = /^\/services\/T\w+\/B\w+\/(\w+)$/;

const refuseToken = (call: SandboxCall): SandboxAnswer | undefined => {
  const token = bearerOf(call);
  if (token === undefined) return no('not_authed');
  const error = TOKEN_ERRORS.find(([pattern]) => pattern.test(token))?.[1];
  return error === undefined ? undefined : no(error);
};

const argumentsOf = (call: SandboxCall): Record<string, unknown> | undefined => {
  if (call.method === 'GET') return Object.fromEntries(call.query);
  if (headerText(call, 'content-type')?.startsWith('application/json')) return jsonObject(call.body);
  return Object.fromEntries(new URLSearchParams(call.body.toString('utf8')));
};

const hasContent = (message: Record<string, unknown>): boolean => Boolean(message['text'] || message['blocks'] || message['attachments']);

const commandIn = (metadata: unknown): string | undefined => {
  const id = (metadata as { event_payload?: { command_id?: unknown } } | undefined)?.event_payload?.command_id;
  return typeof id === 'string' ? id : undefined;
};

const asThread = (message: Record<string, unknown>): string | undefined => (typeof message['thread_ts'] === 'string' ? message['thread_ts'] : undefined);

const toUs = (ts: unknown, otherwise: number): number => (typeof ts === 'string' && ts !== '' ? Math.round(Number(ts) * 1_000_000) : otherwise);

const takesMetadata = (query: Record<string, unknown>): boolean => query['include_all_metadata'] === 'true' || query['include_all_metadata'] === true;

const cursorOf = (atUs: number): string => Buffer.from(`before:${atUs}`).toString('base64');

const beforeCursor = (cursor: unknown): number | undefined => {
  const at = /^before:(\d+)$/.exec(Buffer.from(String(cursor ?? ''), 'base64').toString())?.[1];
  return at === undefined ? undefined : Number(at);
};

/** Plays Slack's Web API and incoming webhooks. Tokens begin with `xoxb-` or `xoxp-`. */
export class PlayedSlack implements PlayedPartner {
  private readonly messages = new SlackMessages();

  constructor(private readonly needs: PlayNeeds) {}

  answer(call: SandboxCall): SandboxAnswer {
    return call.path.startsWith('/api/') ? this.callMethod(call, call.path.slice('/api/'.length)) : this.takeWebhook(call);
  }

  fail(call: SandboxCall, { status, retryAfterS }: OrderedFailure): SandboxAnswer {
    const headers = status === 429 ? { 'retry-after': String(retryAfterS ?? 1) } : undefined;
    if (call.path.startsWith('/api/')) return json(status, { ok: false, error: FAILURE_WORDS[status] ?? 'internal_error' }, headers);
    return text(status, status === 429 ? 'rate_limited' : 'rollup_error', headers);
  }

  reset(): void {
    this.messages.clear();
  }

  private callMethod(call: SandboxCall, method: string): SandboxAnswer {
    const refused = refuseToken(call);
    if (refused !== undefined) return refused;
    const given = argumentsOf(call);
    if (given === undefined) return no('invalid_json');
    switch (method) {
      case 'chat.postMessage':
        return this.postMessage(call, given);
      case 'conversations.history':
        return this.readMessages(given, undefined);
      case 'conversations.replies':
        return given['ts'] ? this.readMessages(given, String(given['ts'])) : no('thread_not_found');
      case 'auth.test':
        return json(200, { ok: true, url: 'https://sandbox.slack.com/', team: 'Sandbox', user: 'trunkline', team_id: 'T0SANDBOX', user_id: 'U0SANDBOX', bot_id: 'B0SANDBOX' });
      default:
        return no('unknown_method');
    }
  }

  private postMessage(call: SandboxCall, message: Record<string, unknown>): SandboxAnswer {
    const { channel, metadata } = message;
    if (typeof channel !== 'string' || channel === '') return no('channel_not_found');
    if (CHANNEL_ERRORS[channel] !== undefined) return no(CHANNEL_ERRORS[channel]);
    if (!hasContent(message)) return no('no_text');
    this.needs.effects.happened('post-message', { reference: call.reference ?? commandIn(metadata), correlationId: call.correlationId });
    const said = String(message['text'] ?? '').slice(0, 200);
    const ts = this.messages.post(channel, this.needs.now(), { text: said, metadata, thread: asThread(message) });
    return json(200, { ok: true, channel, ts, message: { type: 'message', subtype: 'bot_message', text: said, ts, bot_id: 'B0SANDBOX' } });
  }

  private readMessages(query: Record<string, unknown>, thread: string | undefined): SandboxAnswer {
    const channel = String(query['channel'] ?? '');
    if (!/^[CDG][A-Z0-9]+$/.test(channel) || CHANNEL_ERRORS[channel] !== undefined) return no(CHANNEL_ERRORS[channel] ?? 'channel_not_found');
    const limit = Math.min(Math.max(Number(query['limit'] ?? 100) || 100, 1), 999);
    const beforeUs = beforeCursor(query['cursor']) ?? toUs(query['latest'], Number.POSITIVE_INFINITY);
    const page = this.messages.page(channel, { thread, oldestUs: toUs(query['oldest'], 0), beforeUs, limit });
    const messages = page.messages.map(({ ts, text: said, metadata }) => ({ type: 'message', text: said, ts, ...(takesMetadata(query) && metadata ? { metadata } : {}) }));
    return json(200, { ok: true, messages, has_more: page.nextUs !== undefined, response_metadata: { next_cursor: page.nextUs === undefined ? '' : cursorOf(page.nextUs) } });
  }

  private takeWebhook(call: SandboxCall): SandboxAnswer {
    const secret = SERVICES.exec(call.path)?.[1];
    if (secret === undefined) return text(404, 'no_service');
    if (secret.endsWith('revoked')) return text(403, 'invalid_token');
    if (secret.endsWith('archived')) return text(410, 'channel_is_archived');
    const message = jsonObject(call.body);
    if (message === undefined) return text(400, 'invalid_payload');
    if (!hasContent(message)) return text(400, 'no_text');
    this.needs.effects.happened('post-webhook-message', call);
    this.messages.post('C0WEBHOOK', this.needs.now(), { text: String(message['text'] ?? '').slice(0, 200), thread: asThread(message) });
    return text(200, 'ok');
  }
}
