import { expect, it } from 'vitest';
import { readOptions, USAGE } from './read-options.ts';

it('plays 500 webhooks unless told otherwise', () => {
  expect(readOptions([])).toEqual({ webhooks: 500, seed: 1, json: false });
  expect(readOptions(['--json', '--webhooks', '60', '--seed=7'])).toEqual({ webhooks: 60, seed: 7, json: true });
});

it.each([[['--webhooks', '0']], [['--webhooks', 'many']], [['--webhooks', '20001']], [['--webhooks', '1.5']], [['--seed', '-']], [['--loud']], [['60']]])('refuses %j and says how it is called', (args) => {
  expect(readOptions(args)).toMatchObject({ wrong: true, text: expect.stringContaining(USAGE) });
});

it('says how it is called when asked', () => {
  expect(readOptions(['--help'])).toEqual({ wrong: false, text: USAGE });
});

it('fits 80 columns', () => {
  expect(USAGE.split('\n').filter((line) => line.length > 80)).toEqual([]);
});
