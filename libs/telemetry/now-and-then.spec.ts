import { expect, it } from 'vitest';
import { nowAndThen } from './now-and-then.ts';

it('says the first of each minute', () => {
  let now = 5;
  const said: string[] = [];
  const say = nowAndThen((what: string) => said.push(what), () => now);
  for (const [at, what] of [[5, 'a'], [60_004, 'b'], [60_005, 'c'], [60_006, 'd']] as const) {
    now = at;
    say(what);
  }
  expect(said).toEqual(['a', 'c']);
});
