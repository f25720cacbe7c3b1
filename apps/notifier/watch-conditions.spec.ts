import { expect, it } from 'vitest';
import { watchConditions } from './watch-conditions.ts';

const MIN = 60_000;
const KEY = { condition: 'TrunklineRelayLagging', subject: 'relay' }; // holds for two minutes
const trouble = { ...KEY, what: 'late' };

const world = () => {
  const watch = watchConditions(30_000);
  const state = { now: 0, jumpMs: 0 };
  const moment = () => ({ at: state.now + state.jumpMs, steady: state.now });
  const look = (what: 'there' | 'gone' | 'unknown', afterMs = 15_000): void => {
    state.now += afterMs;
    watch.look({ troubles: what === 'there' ? [trouble] : [], unknown: new Set(what === 'unknown' ? [KEY.condition] : []) }, moment());
  };
  const lookFor = (what: 'there' | 'gone' | 'unknown', ms: number): void => {
    for (let passed = 0; passed < ms; passed += 15_000) look(what);
  };
  return { look, lookFor, held: () => watch.held(moment()), isOver: () => watch.isOver(KEY, moment()), state };
};

it('tells what has held for its time, since it was first seen', () => {
  const { look, lookFor, held } = world();
  look('there');
  lookFor('there', 2 * MIN - 15_000);
  expect(held()).toEqual([]);
  look('there');
  expect(held()).toMatchObject([{ trouble, since: 15_000 }]);
});

it('does not tell a blip, and is not misled by a pause', () => {
  const { look, lookFor, held } = world();
  lookFor('there', MIN);
  lookFor('gone', MIN);
  lookFor('there', 2 * MIN);
  expect(held()).toEqual([]);
  look('gone');
  expect(held()).toEqual([]);
  look('there');
  expect(held()).toHaveLength(1);
});

it('tells that it is over after as long', () => {
  const { look, lookFor, isOver } = world();
  lookFor('there', 3 * MIN);
  lookFor('gone', 2 * MIN - 15_000);
  expect(isOver()).toBe(false);
  look('gone');
  expect(isOver()).toBe(true);
});

it('counts from its first look for what was told in an earlier life', () => {
  const { look, lookFor, isOver } = world();
  look('gone');
  expect(isOver()).toBe(false);
  lookFor('gone', 2 * MIN);
  expect(isOver()).toBe(true);
});

it('changes nothing while nobody knows', () => {
  const { look, lookFor, isOver, held } = world();
  lookFor('there', 3 * MIN);
  lookFor('unknown', 30 * MIN);
  expect(isOver()).toBe(false);
  expect(held()).toEqual([]);
  look('there');
  expect(held()).toMatchObject([{ since: 15_000 }]);
});

it.each([['ahead', 86_400_000], ['back', -86_400_000]])('is not misled by a clock that jumps %s by a day', (_where, ms) => {
  const { look, lookFor, held, isOver, state } = world();
  state.jumpMs = -ms;
  lookFor('there', MIN);
  state.jumpMs = ms;
  lookFor('there', MIN);
  expect(held()).toEqual([]);
  look('there');
  expect(held()).toMatchObject([{ since: 15_000 - ms }]);
  lookFor('gone', 2 * MIN - 15_000);
  expect(isOver()).toBe(false);
  state.jumpMs = 0;
  look('gone');
  expect(isOver()).toBe(true);
});
