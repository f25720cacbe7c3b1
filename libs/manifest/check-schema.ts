import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import { didYouMean, nearest } from './did-you-mean.ts';
import { manifestSchema } from './manifest-schema.ts';
import type { ManifestProblem, Path } from './problem-list.ts';

const ajv = new Ajv2020({ allErrors: true, verbose: true, strict: true, strictRequired: false, allowUnionTypes: true });
const validate = ajv.compile(manifestSchema);

/** A JSON pointer as a path; a number stands for a place in a list wherever the document has a list there. */
const toPath = (pointer: string, root: unknown): Path => {
  let value: unknown = root;
  return pointer.split('/').slice(1).map((part) => {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    const place = Array.isArray(value) ? Number(key) : key;
    value = (value as Record<string, unknown>)[key];
    return place;
  });
};

const KINDS: Record<string, string> = { object: 'an object', array: 'a list', string: 'a text', integer: 'a whole number', number: 'a number', boolean: 'true or false' };

const kindOf = (value: unknown): string =>
  value === null || value === undefined ? 'nothing' : Array.isArray(value) ? 'a list' : (KINDS[typeof value] ?? typeof value);

const list = (values: readonly unknown[]): string => values.map((value) => String(value)).join(', ');

const suggestion = (given: unknown, allowed: readonly string[]): string => {
  const close = typeof given === 'string' ? nearest(given, allowed) : undefined;
  return close === undefined ? '' : `; did you mean '${close}'?`;
};

/** Plain words for each schema keyword that the manifest's schema uses. */
const WORDS: Record<string, (error: ErrorObject) => string> = {
  type: ({ params, data }) => `must be ${[params.type].flat().map((type: string) => KINDS[type] ?? type).join(' or ')}, not ${kindOf(data)}`,
  required: ({ params }) => `needs '${params.missingProperty}'`,
  enum: ({ params, data }) => `must be one of ${list(params.allowedValues)}, not ${JSON.stringify(data)}${suggestion(data, params.allowedValues)}`,
  const: ({ params, data }) => `must be ${JSON.stringify(params.allowedValue)}, not ${JSON.stringify(data)}`,
  pattern: ({ parentSchema, data }) => `${JSON.stringify(data)} does not fit: ${parentSchema?.description ?? `it must match ${parentSchema?.pattern}`}`,
  minLength: () => 'must not be empty',
  minItems: ({ params }) => `needs at least ${params.limit}`,
  maxItems: ({ params }) => `may hold at most ${params.limit}`,
  minimum: ({ params }) => `must be ${params.limit} or more`,
  maximum: ({ params }) => `must be ${params.limit} or less`,
  minProperties: ({ parentSchema }) => `needs one of ${list(Object.keys(parentSchema?.properties ?? {}))}`,
  maxProperties: ({ params }) => `may hold only ${params.limit}`,
};

const toProblem = (error: ErrorObject, root: unknown): ManifestProblem => {
  const path = toPath(error.instancePath, root);
  if (error.keyword === 'additionalProperties') {
    const unknown = error.params.additionalProperty as string;
    return { path: [...path, unknown], message: `is not known here; ${didYouMean(unknown, Object.keys(error.parentSchema?.properties ?? {}))}` };
  }
  return { path, message: WORDS[error.keyword]?.(error) ?? error.message ?? error.keyword };
};

/** Everything about a parsed file that does not fit the manifest's schema. */
export const checkSchema = (value: unknown): ManifestProblem[] => {
  if (validate(value)) return [];
  return (validate.errors ?? []).filter((error) => error.keyword !== 'if').map((error) => toProblem(error, value));
};
