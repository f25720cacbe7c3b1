import { expect, it } from 'vitest';
import type { WebhookTally } from '#event-log';
import { tallyWebhooks } from './tally-webhooks.ts';

const ACME = { partner: 'stripe', integration: 'acme' };

it('hands on what became of webhooks, once, and nothing of strangers', async () => {
  const added: WebhookTally[][] = [];
  const tallies = tallyWebhooks({ add: async (given) => void added.push(given), logReady: () => true });
  for (const outcome of ['accepted', 'duplicate', 'signature-refused', 'stale-timestamp', 'paused'] as const) tallies.count({ ...ACME, outcome });
  tallies.count({ partner: '-', integration: '-', outcome: 'unknown-partner' });
  await tallies.flush();
  await tallies.flush();
  expect(added).toEqual([[{ ...ACME, good: 2, refused: 1, stale: 1, other: 1 }]]);
});

it('keeps what could not be handed on', async () => {
  const added: WebhookTally[][] = [];
  const state = { ready: false, fails: true };
  const tallies = tallyWebhooks({
    add: async (given) => {
      if (state.fails) throw new Error('away');
      added.push(given);
    },
    logReady: () => state.ready,
  });
  tallies.count({ ...ACME, outcome: 'accepted' });
  await tallies.flush();
  state.ready = true;
  const failing = tallies.flush();
  tallies.count({ ...ACME, outcome: 'accepted' });
  await expect(failing).rejects.toThrow('away');
  state.fails = false;
  await tallies.flush();
  expect(added).toEqual([[{ ...ACME, good: 2, refused: 0, stale: 0, other: 0 }]]);
});
