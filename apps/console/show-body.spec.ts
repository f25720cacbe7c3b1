import { expect, it } from 'vitest';
import { showBody } from './show-body.ts';

it.each([
  ['application/json', '{"a":1}', { encoding: 'json', value: { a: 1 }, bytes: 7 }],
  ['application/cloudevents+json; charset=utf-8', 'null', { encoding: 'json', value: null, bytes: 4 }],
  ['application/json', '{"a":', { encoding: 'base64', value: 'eyJhIjo=', bytes: 5 }],
  ['text/plain; a=/json', '{}', { encoding: 'base64', value: 'e30=', bytes: 2 }],
  ['application/xml', '<a/>', { encoding: 'base64', value: 'PGEvPg==', bytes: 4 }],
])('shows %s %s as what it is', (contentType, text, shown) => {
  expect(showBody({ contentType, data: Buffer.from(text) })).toEqual(shown);
});

it('shows bytes that are no text, and JSON too deep to be written, as base64', () => {
  expect(showBody({ contentType: 'application/json', data: Buffer.from([0x22, 0xff, 0x22]) }).encoding).toBe('base64');
  expect(showBody({ contentType: 'application/json', data: Buffer.from('['.repeat(100_000) + ']'.repeat(100_000)) }).encoding).toBe('base64');
});
