import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { verifySignature } from '#partner-kit';
import { partners } from '#partners';
import { openListener, openMailbox, type Listener, type Mailbox } from '#testkit';
import type { Channel } from './channel.ts';
import type { NoticeMessage } from './notice-message.ts';
import { openChannels, type NotifySettings } from './open-channels.ts';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const NONE: NotifySettings = { slackUrl: '', webhookUrl: '', webhookSecret: '', smtpUrl: '', emailFrom: '', emailTo: '' };
const MESSAGE: NoticeMessage = {
  id: '018f2d1e-0000-7000-8000-000000000001',
  at: '2026-03-01T12:00:00.000Z',
  title: 'Trunkline: slack/ops: 3 < 5 & more',
  entries: [{ heading: 'slack/ops: 3 < 5 & more', lines: ['Since 11:55 UTC.'], link: 'https://docs.example/runbooks/dead-letters.md', data: { condition: 'TrunklineDeadLetters' } }],
  closing: 'One other thing is wrong.',
};

let listener: Listener;
let mailbox: Mailbox;
const opened: Channel[] = [];
const open = (given: Partial<NotifySettings>): Channel[] => {
  const channels = openChannels({ ...NONE, ...given }, () => Date.parse(MESSAGE.at));
  opened.push(...channels);
  return channels;
};
const smtp = (password = mailbox.user.password) => `smtp://${mailbox.user.name}:${encodeURIComponent(password)}@127.0.0.1:${mailbox.port}`;

beforeAll(async () => {
  [listener, mailbox] = await Promise.all([openListener(), openMailbox()]);
});
beforeEach(() => listener.answer({ status: 200, body: 'ok' }));
afterAll(async () => {
  await Promise.all(opened.map((channel) => channel.close()));
  await Promise.all([listener.stop(), mailbox.stop()]);
});

describe('slack', () => {
  it('takes a message as its incoming webhooks want it', async () => {
    const [slack] = open({ slackUrl: `${listener.url}/services/T0/B0/secret-part` });
    expect(await slack!.send(MESSAGE)).toBe('HTTP 200 ok');
    const { method, path, headers, body } = listener.heard.at(-1)!;
    expect([method, path, headers['content-type']]).toEqual(['POST', '/services/T0/B0/secret-part', 'application/json']);
    expect(JSON.parse(body)).toEqual({
      text: '*Trunkline: slack/ops: 3 &lt; 5 &amp; more*\nSince 11:55 UTC.\n<https://docs.example/runbooks/dead-letters.md|Runbook>\n\nOne other thing is wrong.',
    });
  });

  it('fails with what it said and how long it asks to wait, without the secret of its address', async () => {
    const [slack] = open({ slackUrl: `${listener.url}/services/T0/B0/Xq3kd92jf0sdkf93kdk20` });
    listener.answer({ status: 429, body: 'rate_limited Xq3kd92jf0sdkf93kdk20', headers: { 'retry-after': '30' } });
    const failure = await slack!.send(MESSAGE).catch((error: Error) => error);
    expect(failure).toMatchObject({ name: 'ChannelFailure', retryAfterMs: 30_000 });
    expect((failure as Error).message).toMatch(/429/);
    expect((failure as Error).message).not.toContain('Xq3kd92jf0sdkf93kdk20');
  });

  it('fails when nobody is there', async () => {
    const [slack] = open({ slackUrl: 'http://127.0.0.1:9/services/x' });
    await expect(slack!.send(MESSAGE)).rejects.toMatchObject({ name: 'ChannelFailure' });
  });
});

describe('a webhook', () => {
  it('is signed as Standard Webhooks says: what our own generic partner verifies', async () => {
    const [webhook] = open({ webhookUrl: `${listener.url}/hook?team=1`, webhookSecret: SECRET });
    await webhook!.send(MESSAGE);
    const { headers, body } = listener.heard.at(-1)!;
    const request = { method: 'POST', url: '', query: {}, headers: headers as Record<string, string>, body: Buffer.from(body) };
    const { signature } = partners['generic']!.webhooks!;
    expect(verifySignature(signature, [SECRET], request, Date.parse(MESSAGE.at))).toEqual({ ok: true });
    expect(verifySignature(signature, [SECRET], { ...request, body: Buffer.from(`${body} `) }, Date.parse(MESSAGE.at)).ok).toBe(false);
    expect(headers['webhook-id']).toBe(MESSAGE.id);
    expect(JSON.parse(body)).toMatchObject({ type: 'trunkline.notice', timestamp: MESSAGE.at, data: { title: MESSAGE.title, notices: [{ condition: 'TrunklineDeadLetters' }] } });
  });

  it('is not signed without a secret, and has its id all the same', async () => {
    const [webhook] = open({ webhookUrl: `${listener.url}/hook` });
    await webhook!.send(MESSAGE);
    const { headers } = listener.heard.at(-1)!;
    expect([headers['webhook-id'], headers['webhook-signature']]).toEqual([MESSAGE.id, undefined]);
  });
});

describe('an e-mail', () => {
  it('is handed to a mail server, to everybody who is named', async () => {
    const [email] = open({ smtpUrl: smtp(), emailFrom: 'Hub <hub@example.com>', emailTo: 'ana@example.com, bo@example.com' });
    expect(await email!.send(MESSAGE)).toMatch(/^250 /);
    const { from, to, text } = mailbox.mails.at(-1)!;
    expect([from, to]).toEqual(['hub@example.com', ['ana@example.com', 'bo@example.com']]);
    expect(text).toContain('Subject: Trunkline: slack/ops: 3 < 5 & more\r\n');
    expect(text).toContain(`Message-ID: <${MESSAGE.id}@trunkline>`);
    expect(text).toContain('Auto-Submitted: auto-generated');
    expect(text).toContain('Since 11:55 UTC.\r\nhttps://docs.example/runbooks/dead-letters.md\r\n\r\nOne other thing is wrong.');
  });

  it('fails with the server’s words and without the password', async () => {
    const [email] = open({ smtpUrl: smtp('wrong-pass'), emailFrom: 'hub@example.com', emailTo: 'ana@example.com' });
    const failure = await email!.send(MESSAGE).catch((error: Error) => error);
    expect(failure).toMatchObject({ name: 'ChannelFailure', message: expect.stringContaining('No entry for ***') });
    const [refused] = open({ smtpUrl: smtp(), emailFrom: 'hub@example.com', emailTo: 'ana@example.com' });
    mailbox.refuse('mailbox full');
    await expect(refused!.send(MESSAGE)).rejects.toThrow('mailbox full');
    mailbox.refuse(undefined);
    expect(await refused!.send(MESSAGE)).toMatch(/^250 /);
  });
});

describe('settings', () => {
  it('open those channels alone that they name', () => {
    expect(open({})).toEqual([]);
    expect(open({ slackUrl: 'https://hooks.example/x', smtpUrl: smtp(), emailFrom: 'a@example.com', emailTo: 'b@example.com' }).map(({ name }) => name)).toEqual(['slack', 'email']);
  });

  it.each<[Partial<NotifySettings>, string]>([
    [{ slackUrl: 'hooks.slack.com/x' }, 'NOTIFY_SLACK_URL must be an address'],
    [{ webhookUrl: 'ftp://x' }, 'NOTIFY_WEBHOOK_URL must be an address'],
    [{ webhookUrl: 'https://x.example', webhookSecret: 'whsec_c2hvcnQ=' }, 'NOTIFY_WEBHOOK_SECRET must be 24 to 64 random bytes'],
    [{ smtpUrl: 'mail.example.com' }, 'NOTIFY_SMTP_URL must look like'],
    [{ smtpUrl: 'smtp://mail.example.com', emailTo: ' , ' }, 'NOTIFY_EMAIL_FROM and NOTIFY_EMAIL_TO must be set'],
  ])('%j are refused: %s', (given, words) => {
    expect(() => open(given)).toThrow(words);
  });
});
