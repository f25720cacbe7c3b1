import { expect, it } from 'vitest';
import { untilReady } from './until-ready.ts';

const urls = { ingest: 'http://i', relay: 'http://r' };

it('waits for each room, naming those that are not ready, and asks the others no more', async () => {
  const [asked, said]: [string[], string[]] = [[], []];
  let rounds = 0;
  const ask = async (url: string) => {
    asked.push(url);
    if (url.startsWith('http://i')) return true;
    if (rounds < 2) throw new Error('refused');
    return true;
  };
  await untilReady({ ask, say: (detail) => said.push(detail), pause: async () => void (rounds += 1) })(urls, new AbortController().signal);
  expect(said).toEqual(['waiting for relay']);
  expect(asked.filter((url) => url === 'http://i/health/ready')).toHaveLength(1);
  expect(asked.filter((url) => url === 'http://r/health/ready')).toHaveLength(3);
});

it('stops waiting when it is asked to stop', async () => {
  const stop = new AbortController();
  const waiting = untilReady({ ask: async () => false, say: () => undefined, pause: async () => stop.abort(new Error('enough')) })(urls, stop.signal);
  await expect(waiting).rejects.toThrow('enough');
});
