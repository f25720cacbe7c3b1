import { maskText } from '#telemetry';

const WORD = /[\p{L}\p{N}@._+-]{3,}/gu;
const PART = /[\p{L}\p{N}]{3,}/gu;

/** Words that say nothing about anybody, and without which no sentence can be read. */
const PLAIN = new Set(
  'the and for not was were with this that from has have are but you your can could may must will would should been into its which when while than then there any all one out did does more http https'.split(' '),
);

const readBody = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

/** The texts in a value, without the names of members; bytes are a body. */
const textsIn = (value: unknown): string => {
  if (Buffer.isBuffer(value)) return textsIn(readBody(value.toString('utf8')));
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  return typeof value === 'object' && value !== null ? Object.values(value).map(textsIn).join(' ') : '';
};

const wordsIn = (text: string): Set<string> => new Set(text.toLowerCase().match(PART));

/**
 * A sentence without what it quotes of `source`, which is about a person: every word of three letters or more that stands in a text of
 * it becomes `[personal]`, and what looks personal by its shape is masked. Hides a harmless word rather than show a name.
 */
export const hideQuotes = (sentence: string, source: unknown): string => {
  const known = wordsIn(textsIn(source));
  const isKnown = (word: string): boolean => (word.toLowerCase().match(PART) ?? []).some((part) => known.has(part) && !PLAIN.has(part));
  const hidden = sentence.replace(WORD, (word) => (isKnown(word) ? '[personal]' : word));
  return maskText(hidden.replaceAll(/\[personal\](?:\s+\[personal\])+/g, '[personal]'));
};
