import { isUtf8 } from 'node:buffer';
import { OpenKeys } from './open-keys.ts';

/** Bounds of a JSON text: how many arrays and objects may stand inside one another. */
export type JsonLimits = { depth: number };

export type JsonFault = 'empty' | 'not-utf8' | 'truncated' | 'syntax' | 'too-deep' | 'duplicate-key' | 'polluting-key' | 'trailing';

/** What is wrong with a JSON text, and at which byte. */
export type JsonDefect = { fault: JsonFault; offset: number };

const DEFAULT_LIMITS: JsonLimits = { depth: 64 };

/**
 * Reads JSON bytes once and answers the first defect, or undefined when `JSON.parse` may read them (RFC 8259).
 * Refuses also what JSON.parse lets through: bytes that are not UTF-8, deep nesting, keys given twice (however they are
 * escaped), `__proto__`, and `prototype` directly inside `constructor`. Uses no recursion.
 */
export const scanJson = (bytes: Buffer, limits: JsonLimits = DEFAULT_LIMITS): JsonDefect | undefined =>
  isUtf8(bytes) ? new JsonScan(bytes, limits.depth).run() : { fault: 'not-utf8', offset: firstBadByte(bytes) };

const firstBadByte = (bytes: Buffer): number => {
  const mended = Buffer.from(bytes.toString('utf8'));
  let at = 0;
  while (at < bytes.length && bytes[at] === mended[at]) at++;
  return at;
};

const [QUOTE, BACKSLASH, COMMA, COLON, MINUS, PLUS, DOT, ZERO] = [0x22, 0x5c, 0x2c, 0x3a, 0x2d, 0x2b, 0x2e, 0x30] as const;
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_ARRAY, CLOSE_ARRAY] = [0x7b, 0x7d, 0x5b, 0x5d] as const;

/** How many bytes an escape's letter stands for, itself included: `u` is followed by four hex digits; 0 is no escape. */
const ESCAPE_LENGTH = new Uint8Array(256);
for (const letter of '"\\/bfnrt') ESCAPE_LENGTH[letter.charCodeAt(0)] = 1;
ESCAPE_LENGTH['u'.charCodeAt(0)] = 5;

/** The three words, by their first byte. */
const LITERALS = new Map(['true', 'false', 'null'].map((word) => [word.charCodeAt(0), Buffer.from(word)]));

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;
const isHex = (byte: number | undefined): boolean => isDigit(byte) || (byte !== undefined && (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66);

/** `"__proto__"` and `"prototype"`, quotes included. */
const POLLUTING_LENGTH = 11;

/** After a step: a defect was found, a value is complete, or a value must follow. */
const [FAILED, COMPLETE, WANTING] = [0, 1, 2] as const;
type Step = typeof FAILED | typeof COMPLETE | typeof WANTING;

/** One pass over one text. */
class JsonScan {
  private at = 0;
  private depth = 0;
  private defect: JsonDefect | undefined;
  private readonly isObject: boolean[] = [];
  private readonly keys: OpenKeys;
  /** Of the string read last: whether it is ASCII without escapes, and a number that equal plain strings share. */
  private plain = true;
  private hash = 0;

  constructor(
    private readonly bytes: Buffer,
    private readonly maxDepth: number,
  ) {
    this.keys = new OpenKeys(bytes);
  }

  run(): JsonDefect | undefined {
    if (this.space() === undefined) return { fault: 'empty', offset: 0 };
    let step: Step = WANTING;
    while (step === WANTING || (step === COMPLETE && this.depth > 0)) step = step === WANTING ? this.value() : this.next();
    if (step === FAILED) return this.defect;
    return this.space() === undefined ? undefined : { fault: 'trailing', offset: this.at };
  }

  /** What follows a complete value inside an array or object: the end of it, or a comma. */
  private next(): Step {
    const byte = this.space();
    const inObject = this.isObject[this.depth - 1]!;
    if (byte === COMMA) {
      this.at++;
      return inObject ? this.key() : WANTING;
    }
    return byte === (inObject ? CLOSE_OBJECT : CLOSE_ARRAY) ? this.close() : this.unexpected();
  }

  private value(): Step {
    const byte = this.space();
    if (byte === QUOTE) return this.text() ? COMPLETE : FAILED;
    if (byte === OPEN_OBJECT) return this.open(true);
    if (byte === OPEN_ARRAY) return this.open(false);
    return byte === MINUS || isDigit(byte) ? this.number() : this.literal(byte);
  }

  private open(isObject: boolean): Step {
    if (this.depth === this.maxDepth) return this.fail('too-deep');
    this.isObject[this.depth++] = isObject;
    this.keys.open();
    this.at++;
    if (this.space() === (isObject ? CLOSE_OBJECT : CLOSE_ARRAY)) return this.close();
    return isObject ? this.key() : WANTING;
  }

  private close(): Step {
    this.keys.close();
    this.depth--;
    this.at++;
    return COMPLETE;
  }

  /** A key and its colon. */
  private key(): Step {
    if (this.space() !== QUOTE) return this.unexpected();
    const start = this.at;
    if (!this.text()) return FAILED;
    if (this.pollutes(start)) return this.fail('polluting-key', start);
    if (!this.keys.add(start, this.at, this.hash, this.plain)) return this.fail('duplicate-key', start);
    if (this.space() !== COLON) return this.unexpected();
    this.at++;
    return WANTING;
  }

  private pollutes(start: number): boolean {
    if (this.plain && this.at - start !== POLLUTING_LENGTH) return false;
    const key = this.keys.textOf(start, this.at);
    return key === '__proto__' || (key === 'prototype' && this.keys.outerKey() === 'constructor');
  }

  /** A string, quotes included; answers whether it is one. */
  private text(): boolean {
    const { bytes } = this;
    const end = bytes.length;
    let at = this.at + 1;
    let hash = 0;
    let bits = 0;
    this.plain = true;
    while (at < end) {
      const byte = bytes[at]!;
      if (byte === QUOTE) {
        this.at = at + 1;
        this.hash = hash;
        if (bits > 0x7f) this.plain = false;
        return true;
      }
      if (byte < 0x20) break;
      bits |= byte;
      hash = (Math.imul(hash, 31) + byte) | 0;
      if (byte === BACKSLASH) {
        at = this.escape(at);
        if (at < 0) return false;
        this.plain = false;
      } else at++;
    }
    this.at = at;
    this.unexpected();
    return false;
  }

  /** An escape that begins at a backslash; answers where it ends, -1 on a defect. */
  private escape(backslash: number): number {
    const { bytes } = this;
    const length = ESCAPE_LENGTH[bytes[backslash + 1] ?? ZERO]!;
    for (let at = backslash + 1; at <= backslash + Math.max(length, 1); at++) {
      const fits = at === backslash + 1 ? length > 0 : isHex(bytes[at]);
      if (fits) continue;
      this.at = Math.min(at, bytes.length);
      this.unexpected();
      return -1;
    }
    return backslash + 1 + length;
  }

  private number(): Step {
    const { bytes } = this;
    if (bytes[this.at] === MINUS) this.at++;
    if (bytes[this.at] === ZERO) this.at++;
    else if (!this.digits()) return this.unexpected();
    if (bytes[this.at] === DOT) {
      this.at++;
      if (!this.digits()) return this.unexpected();
    }
    if (((bytes[this.at] ?? 0) | 0x20) === 0x65) {
      this.at++;
      if (bytes[this.at] === PLUS || bytes[this.at] === MINUS) this.at++;
      if (!this.digits()) return this.unexpected();
    }
    return COMPLETE;
  }

  private digits(): boolean {
    const start = this.at;
    while (isDigit(this.bytes[this.at])) this.at++;
    return this.at > start;
  }

  private literal(first: number | undefined): Step {
    const word = first === undefined ? undefined : LITERALS.get(first);
    if (word === undefined) return this.unexpected();
    for (let index = 0; index < word.length; index++, this.at++) if (this.bytes[this.at] !== word[index]) return this.unexpected();
    return COMPLETE;
  }

  /** Skips white space; answers the byte it stops at, undefined at the end. */
  private space(): number | undefined {
    const { bytes } = this;
    let byte = bytes[this.at];
    while (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) byte = bytes[++this.at];
    return byte;
  }

  private unexpected(): typeof FAILED {
    return this.fail(this.at >= this.bytes.length ? 'truncated' : 'syntax');
  }

  private fail(fault: JsonFault, offset: number = this.at): typeof FAILED {
    this.defect = { fault, offset };
    return FAILED;
  }
}
