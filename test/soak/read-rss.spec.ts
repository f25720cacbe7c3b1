import { expect, it } from 'vitest';
import { readRss } from './read-rss.ts';

it('reads what Node says of itself, more or less', async () => {
  const read = await readRss(process.pid);
  expect(Math.abs(read! - process.memoryUsage.rss())).toBeLessThan(50_000_000);
});

it('has nothing to say of a process that is gone', async () => {
  expect(await readRss(2 ** 22 + 1)).toBeUndefined();
});
