import fc from 'fast-check';
import type { Operation, Parameter } from './api-document.ts';

/** A request as it goes onto the wire; `path` with its query, percent-encoded where it must be. */
export type FuzzRequest = { method: string; path: string; headers: Record<string, string>; body?: string };

/** Things that really exist on the server, so that some requests get past "not found". */
export type KnownIds = readonly string[];

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

const NUMBERS = ['0', '-1', '1', '1.5', '1e9', '100', '101', '1000000', '9223372036854775807', '9223372036854775808', 'NaN', 'Infinity', '0x10', ' 1', ''];

const INSTANTS = ['2026-01-01T00:00:00Z', '2026-02-30T00:00:00Z', '0000-00-00', '9999-12-31T23:59:60Z', '+010000-01-01T00:00:00Z', '-000001-01-01T00:00:00Z', '1e308', 'now', '2026-01-01'];

const IDS = ['00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff', '8F1D2C0E4C1B5D0A9A516F0F3D9B7A01', '{8f1d2c0e-4c1b-5d0a-9a51-6f0f3d9b7a01}', '8f1d2c0e-4c1b-5d0a-9a51-6f0f3d9b7a0'];

const HOSTILE = [
  '\0', 'a\0b', '\ud800', '\u202e', '💥', '../../etc/passwd', '..%2f', "' or 1=1 --", '"; drop table events; --', '${7*7}', '{{7*7}}', '<script>', '%', '%00', '%_', '\\', '*', 'null', 'undefined', 'true', '[]', '{}',
  '__proto__', 'constructor', 'toString', 'a'.repeat(300), 'a'.repeat(4_000), '\r\nx-evil: 1',
];

const encode = (text: string): string => encodeURIComponent(text.toWellFormed());

const values = (known: KnownIds): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...known, ...IDS) },
    { weight: 2, arbitrary: fc.constantFrom(...NUMBERS, ...INSTANTS) },
    { weight: 2, arbitrary: fc.constantFrom(...HOSTILE) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
  );

const declared = (parameter: Parameter, known: KnownIds): fc.Arbitrary<string> => {
  const { schema = {} } = parameter;
  const fitting = (schema.enum ?? [schema.minimum, schema.maximum, 'stripe', 'acme', 'inbound.invoice.paid']).filter((value) => value !== undefined).map(String);
  return fc.oneof({ weight: 2, arbitrary: fc.constantFrom(...fitting) }, { weight: 3, arbitrary: values(known) });
};

/** Not always encoded: what a careless client sends as it is, as far as HTTP lets it through. */
const inPath = (value: string, careless: boolean): string => {
  if (careless && /^[!-~]+$/.test(value) && !/[?#]/.test(value)) return value;
  return encode(value) || '%20';
};

const pathOf = (operation: Operation, known: KnownIds): fc.Arbitrary<string> => {
  const names = [...operation.path.matchAll(/\{([^}]+)\}/g)].map((match) => match[1]!);
  const parameter = (name: string): Parameter => operation.parameters.find((one) => one.name === name) ?? { name, in: 'path' };
  return fc.tuple(fc.tuple(...names.map((name) => declared(parameter(name), known))), fc.nat({ max: 9 })).map(([filled, dice]) =>
    names.reduce((path, name, i) => path.replace(`{${name}}`, () => inPath(filled[i]!, dice === 0)), operation.path),
  );
};

const queryOf = (operation: Operation, known: KnownIds): fc.Arbitrary<string> => {
  const names = operation.parameters.filter((one) => one.in === 'query');
  const pair = names.length === 0
    ? fc.tuple(fc.constantFrom('limit', 'x', '__proto__'), values(known))
    : fc.constantFrom(...names).chain((one) => fc.tuple(fc.constantFrom(one.name, one.name, one.name, `${one.name}[]`, `${one.name}[a]`), declared(one, known)));
  return fc.array(pair, { maxLength: 4 }).map((pairs) => (pairs.length === 0 ? '' : `?${pairs.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&')}`));
};

const BODIES = ['', '{', 'null', '[]', '"text"', '0', '{"by":1}', '{"by":null}', '{"by":{}}', `{"by":"${'x'.repeat(20_000)}"}`, '{"__proto__":{"by":"x"}}', '{"by":"a","by":"b"}', '['.repeat(20_000), '\u0000', '{"by":"\\u0000"}', '{"by":"\\ud800"}'];

const bodyOf = (): fc.Arbitrary<string | undefined> =>
  fc.oneof(fc.constant(undefined), fc.constantFrom(...BODIES), fc.json({ maxDepth: 6 }), fc.dictionary(fc.constantFrom('by', 'name', 'scopes', 'x'), fc.jsonValue()).map((value) => JSON.stringify(value)));

const TYPES = ['application/json', 'application/json; charset=utf-16', 'text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'application/problem+json', '', 'x'.repeat(200), 'application/json, text/html'];

const headersOf = (): fc.Arbitrary<Record<string, string>> =>
  fc.record(
    {
      'content-type': fc.constantFrom(...TYPES),
      accept: fc.constantFrom('*/*', 'application/json', 'text/html', 'image/png;q=x'),
      traceparent: fc.constantFrom('00-0-0-0', '00-ffffffffffffffffffffffffffffffff-ffffffffffffffff-ff', 'x'),
      'x-request-id': fc.constantFrom('1', 'x'.repeat(500), '<b>'),
      range: fc.constant('bytes=0-1'),
      'x-http-method-override': fc.constant('DELETE'),
    },
    { requiredKeys: [] },
  );

const requestOf = (operation: Operation, known: KnownIds): fc.Arbitrary<FuzzRequest> =>
  fc.record({
    method: fc.oneof({ weight: 6, arbitrary: fc.constant(operation.method) }, { weight: 1, arbitrary: fc.constantFrom(...METHODS) }),
    path: fc.tuple(pathOf(operation, known), queryOf(operation, known)).map((parts) => parts.join('')),
    headers: withBadKeys(headersOf()),
    body: operation.takesBody ? bodyOf() : fc.option(bodyOf(), { nil: undefined, freq: 5 }),
  });

const BAD_KEYS = ['Bearer x', 'Bearer', 'Basic YTpi', 'Bearer tl_a_b', `Bearer ${'x'.repeat(3_000)}`, ''];

/** One in ten comes with a key that is none. */
const withBadKeys = (headers: fc.Arbitrary<Record<string, string>>): fc.Arbitrary<Record<string, string>> =>
  fc.tuple(headers, fc.nat({ max: 9 }), fc.constantFrom(...BAD_KEYS)).map(([given, dice, authorization]) => (dice === 0 ? { ...given, authorization } : given));

/** So many requests over every operation in turn, the same for the same seed. */
export const makeRequests = (operations: readonly Operation[], known: KnownIds, count: number, seed: number): FuzzRequest[] => {
  const each = Math.ceil(count / operations.length);
  const lists = operations.map((operation, i) => fc.sample(requestOf(operation, known), { numRuns: each, seed: seed + i }));
  return Array.from({ length: count }, (_, i) => lists[i % lists.length]![Math.floor(i / lists.length)]!);
};
