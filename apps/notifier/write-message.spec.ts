import { expect, it } from 'vitest';
import { renderText } from '#notify';
import { writeMessage, type News } from './write-message.ts';

const NOW = Date.parse('2026-03-01T12:10:00Z');
const paper = { id: 'm1', now: NOW, others: 0, runbooks: 'https://docs.example/runbooks/' };
const queue: News = {
  kind: 'opened',
  since: Date.parse('2026-03-01T12:05:00Z'),
  trouble: { condition: 'TrunklineNoWorkers', subject: 'slack/ops/normal', what: '3 commands wait in lane normal, and no connector serves the account', lastGoodAt: '2026-02-28T23:58:10Z' },
};
const over: News = { kind: 'recovered', since: Date.parse('2026-03-01T11:30:00Z'), key: { condition: 'TrunklineLogUnavailable', subject: '' } };

it('says of one thing all that one needs to know at night', () => {
  expect(renderText(writeMessage([queue], paper))).toBe(`Trunkline: slack/ops/normal: 3 commands wait in lane normal, and no connector serves the account
Since 12:05 UTC; last good 2026-02-28 23:58 UTC.
Why: The partner's connector does not run, or the integration was taken out of the manifest while commands waited.
Do: Start a connector with \`CONNECTOR_PARTNER=slack\`; one per partner is enough.
https://docs.example/runbooks/no-workers.md`);
});

it('says that something is still so, and that something is over', () => {
  expect(writeMessage([{ ...queue, kind: 'reminded' } as News], paper).title).toBe('Trunkline: Still: slack/ops/normal: 3 commands wait in lane normal, and no connector serves the account');
  expect(renderText(writeMessage([over], { ...paper, others: 1 }))).toBe(`Trunkline: Over: the hub: The event log is unavailable
It began at 11:30 UTC and lasted 40 min.

Besides, one other thing is wrong.`);
});

it('makes one message of many things, what is wrong first, and no longer than a telephone can show', () => {
  const many = Array.from({ length: 50 }, (_none, i): News => ({ ...queue, trouble: { ...(queue as { trouble: object }).trouble, subject: `slack/a${i}/normal` } }) as News);
  const message = writeMessage([over, ...many], { ...paper, others: 2 });
  expect(message.title).toBe('Trunkline: 50 things are wrong, 1 is over');
  expect(message.entries[0]!.heading).toMatch(/^slack\/a0/);
  expect(message.entries.map(({ lines }) => lines.length > 0)).toEqual([...Array(5).fill(true), ...Array(15).fill(false)]);
  expect(message.closing).toBe('31 more are not shown here. Besides, 2 other things are wrong.');
  expect(renderText(message).length).toBeLessThan(5_000);
});

it('tells programs the same', () => {
  expect(writeMessage([queue], paper).entries[0]!.data).toEqual({
    kind: 'opened', condition: 'TrunklineNoWorkers', title: 'Work waits and nobody serves it', severity: 'page', subject: 'slack/ops/normal', partner: 'slack', integration: 'ops',
    what: '3 commands wait in lane normal, and no connector serves the account', since: '2026-03-01T12:05:00.000Z', lastGoodAt: '2026-02-28T23:58:10Z',
    cause: expect.stringContaining('connector'), action: expect.stringContaining('Start'), runbook: 'https://docs.example/runbooks/no-workers.md',
  });
});

it('knows how to end what an earlier version told', () => {
  expect(writeMessage([{ ...over, key: { condition: 'TrunklineOfOld', subject: 'x' } }], paper).title).toBe('Trunkline: Over: x: Something that this version does not watch');
});
