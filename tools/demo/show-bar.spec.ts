import { describe, expect, it } from 'vitest';
import { showBar, sparingly } from './show-bar.ts';

describe('showBar', () => {
  it.each([[0, 0], [1, 0], [300, 12], [599, 23], [600, 24], [700, 24]])('at %i of 600 has %i cells filled', (done, filled) => {
    expect(showBar(done, 600, true).replaceAll(/[^█]/g, '')).toHaveLength(filled);
  });

  it('is plain words where there is no terminal', () => {
    expect(showBar(5, 600, false)).toBe('5 of 600');
  });

  it('is full when there is nothing to do', () => {
    expect(showBar(0, 0, true)).toBe(`${'█'.repeat(24)} 0 of 0`);
  });
});

it.each([[true, 80], [false, 2_000]])('says something at most so often (terminal: %s)', (isTTY, everyMs) => {
  const said: string[] = [];
  let nowMs = 0;
  const say = sparingly((detail) => said.push(detail), isTTY, () => nowMs);
  say(() => 'first');
  nowMs = everyMs - 1;
  say(() => 'too soon');
  nowMs = everyMs;
  say(() => 'second');
  expect(said).toEqual(['first', 'second']);
});
