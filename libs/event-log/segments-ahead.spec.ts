import { expect, it } from 'vitest';
import { aheadOf, type Segment } from './segments-ahead.ts';

const at = (tx: number, position: number) => ({ tx: BigInt(tx), position: BigInt(position) });
const SEGMENTS: Segment[] = [{ id: 0 }, { id: 2, last: at(10, 5) }, { id: 3, last: at(12, 9) }, { id: 7 }];

it.each<[string, ReturnType<typeof at>, number[]]>([
  ['at the beginning', at(0, 0), [0, 2, 3, 7]],
  ['before the last event of one, in the same transaction', at(10, 4), [0, 2, 3, 7]],
  ['at the last event of one', at(10, 5), [0, 3, 7]],
  ['beyond it, at a lower position', at(11, 1), [0, 3, 7]],
  ['beyond all that are closed', at(13, 1), [0, 7]],
])('a reader %s has ahead of it what may hold more, and whatever is opened later', (_where, place, ahead) => {
  expect(aheadOf(SEGMENTS, place)).toEqual([7, ahead]);
});

it('a reader that knows no segment has all of them ahead', () => expect(aheadOf([], at(13, 1))).toEqual([-1, []]));
