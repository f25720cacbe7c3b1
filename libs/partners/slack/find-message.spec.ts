import { describe, expect, it } from 'vitest';
import type { ApiRequest, Call } from '#partner-kit';
import { findMessage } from './find-message.ts';

type Page = { messages: object[]; next?: string };

const ours = (id: string): object => ({ ts: `ts-${id}`, metadata: { event_type: 'trunkline_command', event_payload: { command_id: id } } });

const reading = (pages: Page[], input: object = {}, issuedAt?: string): { call: Call; seen: URL[] } => {
  const seen: URL[] = [];
  const send = async (request: ApiRequest) => {
    seen.push(new URL(request.url));
    const page = pages[Math.min(seen.length, pages.length) - 1]!;
    return { status: 200, headers: {}, body: { ok: true, messages: page.messages, has_more: page.next !== undefined, response_metadata: { next_cursor: page.next ?? '' } } };
  };
  const account = { integration: 'ops', credentials: { botToken: 'xoxb-1' }, settings: {} };
  return { seen, call: { idempotencyKey: 'c-1', correlationId: 'f', input: { channel: 'C1', ...input }, account, http: { send }, issuedAt } };
};

describe('findMessage', () => {
  it('reads on until it finds the message of this command', async () => {
    const { call, seen } = reading([{ messages: [ours('c-2'), { ts: 'plain' }], next: 'more' }, { messages: [ours('c-1')] }]);
    expect(await findMessage(call)).toBe('ts-c-1');
    expect(seen.map((url) => url.searchParams.get('cursor'))).toEqual([null, 'more']);
    expect(seen[0]!.searchParams.get('include_all_metadata')).toBe('true');
  });

  it('says that there is none once the history is at its end', async () => {
    expect(await findMessage(reading([{ messages: [ours('c-2')] }]).call)).toBeUndefined();
  });

  it('reads no further back than the command, less what clocks may differ', async () => {
    const { call, seen } = reading([{ messages: [] }], {}, '2026-03-01T12:00:00Z');
    await findMessage(call);
    expect(seen[0]!.searchParams.get('oldest')).toBe(String(Date.parse('2026-03-01T11:55:00Z') / 1000));
  });

  it('looks for a reply in its thread', async () => {
    const { call, seen } = reading([{ messages: [] }], { thread_ts: '1.2' });
    await findMessage(call);
    expect(seen[0]!.pathname).toBe('/api/conversations.replies');
    expect(seen[0]!.searchParams.get('ts')).toBe('1.2');
  });

  it('does not say "not there" when there is too much to read', async () => {
    await expect(findMessage(reading([{ messages: [], next: 'more' }]).call)).rejects.toMatchObject({ failureClass: 'client', code: 'uncertain' });
  });
});
