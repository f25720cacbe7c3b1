import { baseUrl, credential, PartnerFailure, type ApiAnswer, type Call } from '#partner-kit';
import { slackFailure } from './classify-error.ts';

/** A Web API answer is `{ ok: true, … }`, or `{ ok: false, error }` with HTTP 200, whatever went wrong. */
const judgeWebApi = (answer: ApiAnswer): PartnerFailure | undefined => {
  const body = answer.body as { ok?: unknown; error?: unknown } | null | undefined;
  if (typeof body !== 'object' || body === null) return undefined;
  if (typeof body.error === 'string' && body.ok !== true) return slackFailure(body.error, answer, Date.now());
  if (answer.status < 300 && body.ok !== true) return new PartnerFailure('data', 'partner-answer-unreadable', 'Slack answered neither ok nor an error', { status: answer.status, effectUnknown: true });
  return undefined;
};

/** An incoming webhook answers `ok`, or one bare word with a 4xx or 5xx. */
const judgeWebhook = (answer: ApiAnswer): PartnerFailure | undefined => {
  if (answer.status < 300 || typeof answer.body !== 'string' || !/^[a-z_]{3,60}$/.test(answer.body.trim())) return undefined;
  return slackFailure(answer.body.trim(), answer, Date.now());
};

const authorization = (call: Call): Record<string, string> => ({ Authorization: `Bearer ${credential(call.account, 'botToken')}` });

const methodUrl = (call: Call, method: string): string => `${baseUrl(call.account, 'https://slack.com')}/api/${method}`;

/** Calls a Web API method that writes. */
export const postToSlack = async (call: Call, method: string, body: object): Promise<{ status: number; body: unknown }> =>
  call.http.send({ method: 'POST', url: methodUrl(call, method), headers: { ...authorization(call), 'Content-Type': 'application/json; charset=utf-8' }, body, expect: 'json', judge: judgeWebApi });

/** Calls a Web API method that reads. */
export const readFromSlack = async (call: Call, method: string, query: Record<string, string>): Promise<unknown> =>
  (await call.http.send({ method: 'GET', url: `${methodUrl(call, method)}?${new URLSearchParams(query)}`, headers: authorization(call), expect: 'json', judge: judgeWebApi })).body;

/** Posts to the account's incoming webhook. */
export const postToWebhook = async (call: Call, body: object): Promise<{ status: number }> => {
  const url = credential(call.account, 'webhookUrl');
  return call.http.send({ method: 'POST', url, body, expect: 'text', judge: judgeWebhook });
};
