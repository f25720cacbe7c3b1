import { expect, it } from 'vitest';
import { traceUrlOf } from './trace-url.ts';

it.each([
  ['', undefined],
  ['http://localhost:16686', 'http://localhost:16686/trace/abc'],
  ['http://localhost:16686/', 'http://localhost:16686/trace/abc'],
  ['https://grafana.example/explore?trace={traceId}&org=1', 'https://grafana.example/explore?trace=abc&org=1'],
])('makes of %j the place of a trace', (setting, expected) => {
  expect(traceUrlOf(setting)('abc')).toBe(expected);
});
