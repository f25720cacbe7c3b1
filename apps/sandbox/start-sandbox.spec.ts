import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from './start-sandbox.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ port: 0 });
});
afterAll(() => sandbox.stop());

type Asked = { status: number; headers: Headers; body: any };

const ask = async (method: string, path: string, body?: string | object, headers: Record<string, string> = {}): Promise<Asked> => {
  const answer = await fetch(sandbox.url + path, { method, headers, body: typeof body === 'object' ? JSON.stringify(body) : body });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: answer.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text };
};

const recordOf = async (partner: string): Promise<any> => (await ask('GET', '/_sandbox/record?ids=1')).body.partners[partner];

beforeEach(async () => {
  await ask('DELETE', '/_sandbox/faults');
  await ask('DELETE', '/_sandbox/record');
});

const STRIPE = { authorization: 'Bearer sk_test_1', 'content-type': 'application/x-www-form-urlencoded' };
const SLACK = { authorization: 'Bearer xoxb-1', 'content-type': 'application/json' };

describe('stripe', () => {
  const create = (key: string, form = 'email=a%40b.c') => ask('POST', '/stripe/v1/customers', form, { ...STRIPE, 'idempotency-key': key });

  it('answers the same key with the same answer, and says so', async () => {
    const first = await create('k1');
    const second = await create('k1');
    expect(first.body).toMatchObject({ object: 'customer', email: 'a@b.c' });
    expect(second.body).toEqual(first.body);
    expect([first.headers.get('idempotent-replayed'), second.headers.get('idempotent-replayed')]).toEqual([null, 'true']);
    expect(await recordOf('stripe')).toMatchObject({ calls: 2, effects: 1, deduplicated: 1, doubled: 0 });
  });

  it('refuses the same key with other parameters', async () => {
    await create('k2');
    expect(await create('k2', 'email=other')).toMatchObject({ status: 400, body: { error: { type: 'idempotency_error' } } });
  });

  it('refuses a key whose first call is still under way', async () => {
    await ask('PUT', '/_sandbox/faults', { partner: 'stripe', latencyMs: 40 });
    const [first, second] = await Promise.all([create('k3'), create('k3')]);
    expect([first.status, second.status].sort()).toEqual([200, 409]);
    expect(await recordOf('stripe')).toMatchObject({ effects: 1, doubled: 0 });
  });

  it('remembers what failed after work began, and advises against another try', async () => {
    await ask('PUT', '/_sandbox/faults', { partner: 'stripe', failRate: 1, status: 500, remembered: true });
    expect(await create('k4')).toMatchObject({ status: 500 });
    await ask('DELETE', '/_sandbox/faults');
    const again = await create('k4');
    expect([again.status, again.headers.get('stripe-should-retry')]).toEqual([500, 'false']);
  });

  it('finalises an invoice once', async () => {
    const { body } = await ask('POST', '/stripe/v1/invoices', 'customer=cus_1', STRIPE);
    expect(await ask('POST', `/stripe/v1/invoices/${body.id}/finalize`, '', STRIPE)).toMatchObject({ status: 200, body: { status: 'open' } });
    expect(await ask('POST', `/stripe/v1/invoices/${body.id}/finalize`, '', STRIPE)).toMatchObject({ status: 400 });
  });
});

describe('slack', () => {
  const post = (id: string, more: object = {}) =>
    ask('POST', '/slack/api/chat.postMessage', { channel: 'C0OPS1', text: `m ${id}`, metadata: { event_type: 'trunkline_command', event_payload: { command_id: id } }, ...more }, SLACK);

  it('shows messages newest first in pages, with metadata when asked', async () => {
    for (const id of ['a', 'b', 'c']) await post(id);
    const first = (await ask('GET', '/slack/api/conversations.history?channel=C0OPS1&limit=2&include_all_metadata=true', undefined, SLACK)).body;
    expect(first.messages.map((message: any) => message.metadata.event_payload.command_id)).toEqual(['c', 'b']);
    expect(first.has_more).toBe(true);
    const cursor = encodeURIComponent(first.response_metadata.next_cursor);
    const second = (await ask('GET', `/slack/api/conversations.history?channel=C0OPS1&limit=2&cursor=${cursor}`, undefined, SLACK)).body;
    expect(second.messages).toMatchObject([{ text: 'm a' }]);
    expect(second.messages[0].metadata).toBeUndefined();
    expect(second.has_more).toBe(false);
  });

  it('shows thread replies in the thread alone', async () => {
    const { ts } = (await post('root')).body;
    await post('reply', { thread_ts: ts });
    const history = (await ask('GET', '/slack/api/conversations.history?channel=C0OPS1', undefined, SLACK)).body;
    const replies = (await ask('GET', `/slack/api/conversations.replies?channel=C0OPS1&ts=${ts}`, undefined, SLACK)).body;
    expect(history.messages.map((message: any) => message.text)).toEqual(['m root']);
    expect(replies.messages.map((message: any) => message.text)).toEqual(['m reply']);
  });

  it('counts a second message for one command as a double, and names it', async () => {
    await post('x');
    await post('x');
    await post('y');
    expect(await recordOf('slack')).toMatchObject({ effects: 3, references: 2, doubled: 1, doubledReferences: ['x'] });
  });

  it('answers failures with 200 and a word', async () => {
    expect(await ask('POST', '/slack/api/chat.postMessage', { channel: 'C1', text: 'x' }, { 'content-type': 'application/json' })).toMatchObject({ status: 200, body: { ok: false, error: 'not_authed' } });
    expect((await recordOf('slack')).refused).toBe(1);
  });
});

describe('airtable', () => {
  const headers = { authorization: 'Bearer pat1', 'content-type': 'application/json' };
  const upsert = (order: number, reference: string) =>
    ask('PATCH', '/airtable/v0/app1/Orders', { performUpsert: { fieldsToMergeOn: ['Order'] }, records: [{ fields: { Order: order } }] }, { ...headers, 'x-trunkline-command': reference });

  it('updates what it finds by the merge fields', async () => {
    const made = await upsert(1, 'c1');
    const updated = await upsert(1, 'c2');
    expect([made.body.createdRecords.length, updated.body.updatedRecords]).toEqual([1, made.body.createdRecords]);
    expect(await recordOf('airtable')).toMatchObject({ effects: 2, doubled: 0 });
    await upsert(1, 'c2');
    expect(await recordOf('airtable')).toMatchObject({ effects: 2, deduplicated: 1, doubled: 0 });
  });

  it('refuses everything after a limit', async () => {
    await ask('PUT', '/_sandbox/faults', { partner: 'airtable', perSecond: 1 });
    const statuses = [];
    for (let call = 0; call < 40; call += 1) statuses.push((await upsert(call, `c${call}`)).status);
    expect(statuses).toContain(429);
    expect(statuses.slice(statuses.indexOf(429))).not.toContain(200);
  });
});

describe('faults', () => {
  const run = async (): Promise<string> => {
    await ask('PUT', '/_sandbox/faults', { partner: 'http', failRate: 0.3, dropAfterEffect: 0.2, seed: 7 });
    let fates = '';
    for (let call = 0; call < 40; call += 1) fates += await ask('POST', '/http/x', '{}').then(({ status }) => (status === 200 ? '.' : 'f'), () => 'd');
    return fates;
  };

  it('come in the same order for the same seed, and in their shares', async () => {
    const fates = await run();
    expect(await run()).toBe(fates);
    expect(new Set(fates)).toEqual(new Set(['.', 'f', 'd']));
    const { faults, effects } = await recordOf('http');
    expect(faults).toMatchObject({ failed: 2 * [...fates].filter((fate) => fate === 'f').length, dropped: 2 * [...fates].filter((fate) => fate === 'd').length });
    expect(effects).toBe(80 - faults.failed);
  });

  it.each([[{ failRate: 2 }], [{ failRate: 0.7, timeoutRate: 0.7 }], [{ partner: 'nobody' }], [{ failrate: 1 }], ['no json']])('refuses %j', async (order) => {
    expect((await ask('PUT', '/_sandbox/faults', order as object)).status).toBe(400);
  });
});

it('gives tokens as the partners do', async () => {
  expect((await ask('POST', '/slack/api/oauth.v2.access', 'code=good')).body).toMatchObject({ ok: true, access_token: expect.stringMatching(/^xoxb-/) });
  expect((await ask('POST', '/airtable/oauth2/v1/token', 'grant_type=refresh_token&refresh_token=good')).body).toMatchObject({ token_type: 'bearer', access_token: expect.stringMatching(/^oaa/) });
  expect(await ask('POST', '/http/oauth/token', 'grant_type=refresh_token&refresh_token=bad')).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
});

it('names a taken port', async () => {
  await expect(startSandbox({ port: Number(new URL(sandbox.url).port) })).rejects.toMatchObject({ code: 'port-taken' });
});
