import { describeError } from './describe-error.ts';
import { maskText } from './mask-text.ts';
import { maskOfName, type MaskedFields } from './masked-names.ts';

type Fields = Record<string, unknown>;

const DEEPEST = 8;
/** Objects and lists of one line; a socket that somebody logs refers to half of the process. */
const MOST = 1_000;
const LONGEST_LIST = 100;
const FIRST_CARD = 1e12;

/** Masks a record for a log line. Never changes what it is given: what has nothing to hide is given back as it is, the rest is copied. */
export type MaskRecord = (record: Fields) => Fields;

const bytesOf = (value: object): number | undefined => (ArrayBuffer.isView(value) || value instanceof ArrayBuffer ? value.byteLength : undefined);

const ownWords = (value: object): { words: unknown } | undefined =>
  'toJSON' in value && typeof value.toJSON === 'function' ? { words: (value.toJSON as () => unknown)() } : undefined;

/**
 * Masks by names (those that everyone knows, and the given ones) and, in every text, by shape (see `maskText`), in lists too,
 * down to the eighth level and at most a thousand objects. Errors become what `describeError` shows of them. Bytes are never shown.
 */
export const maskRecord = (more?: MaskedFields): MaskRecord => {
  const maskOf = maskOfName(more);
  let left = 0;

  const list = (items: readonly unknown[], depth: number): readonly unknown[] => {
    const masked = items.slice(0, LONGEST_LIST).map((item) => shown(item, depth));
    return items.length === masked.length && masked.every((item, at) => item === items[at]) ? items : masked;
  };
  const shown = (value: unknown, depth: number): unknown => {
    if (typeof value === 'string') return maskText(value);
    if (typeof value === 'number') return value >= FIRST_CARD ? numberOf(value) : value;
    if (typeof value !== 'object' || value === null) return value;
    if (depth >= DEEPEST || --left < 0) return '[deep]';
    return Array.isArray(value) ? list(value, depth + 1) : object(value, depth + 1);
  };
  const object = (value: object, depth: number): unknown => {
    if (value instanceof Error) return describeError(value);
    const bytes = bytesOf(value);
    if (bytes !== undefined) return `[${bytes} bytes]`;
    const own = ownWords(value);
    return own === undefined ? fields(value as Fields, depth) : shown(own.words, depth);
  };
  const fields = (record: Fields, depth: number): Fields => {
    let copy: Fields | undefined;
    for (const name of Object.keys(record)) {
      const value = record[name];
      if (value === undefined || value === null) continue;
      const masked = maskOf(name) ?? shown(value, depth);
      if (masked !== value) (copy ??= { ...record })[name] = masked;
    }
    return copy ?? record;
  };
  return (record) => {
    left = MOST;
    return fields(record, 1);
  };
};

const numberOf = (value: number): number | string => {
  const text = String(value);
  const masked = maskText(text);
  return masked === text ? value : masked;
};
