import { expect, it } from 'vitest';
import { isDeeperThan } from './limit-depth.ts';

it.each([
  ['[[1]]', false], ['[[[1]]]', true], ['{"a":{"b":1},"c":[1],"d":{}}', false], ['{"a":{"b":[]}}', true],
  ['"[[[["', false], ['{"a":"\\"[[[[","b":[1]}', false], ['{"a":"\\\\","b":[[1]]}', true], ['[[[', true], ['', false],
] as const)('%s is deeper than two: %s', (json, deeper) => {
  expect(isDeeperThan(json, 2)).toBe(deeper);
});
