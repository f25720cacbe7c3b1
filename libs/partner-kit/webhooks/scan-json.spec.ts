import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scanJson } from './scan-json.ts';

const scan = (text: string) => scanJson(Buffer.from(text));
const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);

describe('scanJson', () => {
  it.each([
    ['an object', '{"a":1,"b":[true,false,null,"x",-0.5e+10]}'],
    ['a bare string', '"x"'],
    ['white space everywhere', ' \t\r\n{ "a" : [ 1 , 2 ] } \n'],
    ['the same key in two objects', '[{"a":1},{"a":{"a":1}}]'],
    ['escapes of every kind', String.raw`"\"\\\/\b\f\n\r\t\u00e9\ud83d"`],
    ['a constructor that is plain data', '{"constructor":"Ferrari","drivers":[{"constructor":{"name":"Lotus"}}]}'],
    ['a prototype outside a constructor', '{"prototype":1,"constructor":[{"prototype":2}]}'],
    ['64 levels', nested(64)],
    ['keys of every script', '{"é":1,"日本":2,"😀":3}'],
  ])('lets %s pass', (_, text) => {
    expect(scan(text)).toBeUndefined();
  });

  it.each([
    ['nothing', '', 'empty', 0],
    ['only white space', ' \n', 'empty', 0],
    ['an object that ends early', '{"a":1', 'truncated', 6],
    ['a string that ends early', '{"a":"bc', 'truncated', 8],
    ['a literal that ends early', '[tru', 'truncated', 4],
    ['an escape that ends early', '"\\u00', 'truncated', 5],
    ['a number that ends early', '-', 'truncated', 1],
    ['a word', 'hello', 'syntax', 0],
    ['a trailing comma', '[1,]', 'syntax', 3],
    ['a trailing comma in an object', '{"a":1,}', 'syntax', 7],
    ['a key without quotes', '{a:1}', 'syntax', 1],
    ['a leading zero', '[01]', 'syntax', 2],
    ['a control character in a string', '"a\nb"', 'syntax', 2],
    ['an escape that does not exist', String.raw`"\x"`, 'syntax', 2],
    ['brackets that do not match', '[1}', 'syntax', 2],
    ['a byte order mark', '\ufeff{}', 'syntax', 0],
    ['text after the end', '{} {}', 'trailing', 3],
    ['65 levels', nested(65), 'too-deep', 64],
    ['a key given twice', '{"a":1,"b":2,"a":3}', 'duplicate-key', 13],
    ['a key given twice, once with escapes', String.raw`{"a":1,"\u0061":2}`, 'duplicate-key', 7],
    ['a key given twice, escapes first', String.raw`{"\u0061":1,"a":2}`, 'duplicate-key', 12],
    ['a key given twice, once in UTF-8', String.raw`{"é":1,"\u00e9":2}`, 'duplicate-key', 8],
    ['__proto__', '{"a":{"__proto__":{"admin":true}}}', 'polluting-key', 6],
    ['__proto__ with escapes', String.raw`{"\u005f_proto_\u005f":1}`, 'polluting-key', 1],
    ['constructor.prototype', '{"constructor":{"x":1,"prototype":{}}}', 'polluting-key', 22],
    ['constructor.prototype with escapes', String.raw`{"construct\u006fr":{"prot\u006ftype":{}}}`, 'polluting-key', 21],
  ])('refuses %s and says where', (_, text, fault, offset) => {
    expect(scan(text)).toEqual({ fault, offset });
  });

  it('refuses bytes that are not UTF-8 and says where', () => {
    expect(scanJson(Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xff]), Buffer.from('"}')]))).toEqual({ fault: 'not-utf8', offset: 6 });
  });

  it('counts 100,000 levels without a stack of its own', () => {
    expect(scan(nested(100_000))).toEqual({ fault: 'too-deep', offset: 64 });
    expect(scanJson(Buffer.from(nested(100_000)), { depth: 100_000 })).toBeUndefined();
    expect(scanJson(Buffer.from('{"a":'.repeat(100_000)), { depth: 200_000 })?.fault).toBe('truncated');
  });

  it('finds a key given twice among many', () => {
    const keys = Array.from({ length: 5000 }, (_, index) => `"key-${index}":${index}`);
    expect(scan(`{${keys.join(',')}}`)).toBeUndefined();
    expect(scan(`{${[...keys, '"key-17":0'].join(',')}}`)?.fault).toBe('duplicate-key');
  });

  it('tells keys apart whose numbers collide', () => {
    // 'Aa' and 'BB' share the number that plain keys are compared by.
    expect(scan('{"Aa":1,"BB":2,"AaAa":3,"BBBB":4,"AaBB":5}')).toBeUndefined();
    expect(scan('{"Aa":1,"BB":2,"c":3,"BB":4}')).toEqual({ fault: 'duplicate-key', offset: 21 });
    expect(scan('{"Aa":1,"BB":{"prototype":1},"constructor":{"prototype":2}}')?.fault).toBe('polluting-key');
  });

  it('agrees with JSON.parse on what JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), fc.constantFrom(undefined, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        if (scan(text)?.fault === 'polluting-key') return;
        expect(scan(text)).toBeUndefined();
      }),
      { numRuns: 100 },
    );
  });

  it('lets nothing pass that JSON.parse refuses, and refuses nothing as syntax that JSON.parse reads', () => {
    const mutation = fc.record({ at: fc.nat(), byte: fc.constantFrom(...Buffer.from('{}[]",:\\0129.eE+-tfnu \n\u0001é')), cut: fc.nat(3) });
    fc.assert(
      fc.property(fc.jsonValue(), fc.array(mutation, { maxLength: 4 }), (value, mutations) => {
        let bytes = Buffer.from(JSON.stringify(value));
        for (const { at, byte, cut } of mutations) {
          const index = at % (bytes.length + 1);
          bytes = Buffer.concat([bytes.subarray(0, index), Buffer.from([byte]), bytes.subarray(Math.min(index + cut, bytes.length))]);
        }
        const defect = scanJson(bytes);
        const stricter = defect && ['not-utf8', 'duplicate-key', 'polluting-key', 'too-deep'].includes(defect.fault);
        if (!stricter) expect(defect === undefined).toBe(parses(bytes));
      }),
      { numRuns: 2000 },
    );
  });

  it('survives any bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void scanJson(Buffer.from(bytes))));
  });
});

const parses = (bytes: Buffer): boolean => {
  try {
    JSON.parse(bytes.toString('utf8'));
    return true;
  } catch {
    return false;
  }
};
