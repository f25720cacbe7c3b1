import { expect, it } from 'vitest';
import { readOptions, USAGE } from './read-options.ts';

it('runs for ten minutes at 100 webhooks per second unless told otherwise', () => {
  expect(readOptions([])).toEqual({ minutes: 10, perSecond: 100, everyS: 10, json: false });
  expect(readOptions(['--minutes', '0.4', '--per-second=20', '--every', '2', '--json'])).toEqual({ minutes: 0.4, perSecond: 20, everyS: 2, json: true });
});

it.each([[['--minutes', '0']], [['--minutes', 'long']], [['--per-second', '1001']], [['--every', '0']], [['--speed']], [['10']]])('refuses %j and says how it is called', (args) => {
  expect(readOptions(args)).toMatchObject({ wrong: true, text: expect.stringContaining(USAGE) });
});

it('refuses a run that is too short to say anything about memory', () => {
  expect(readOptions(['--minutes', '1'])).toMatchObject({ wrong: true, text: expect.stringContaining('fewer than 8 samples') });
});
