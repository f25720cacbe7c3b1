import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { hasReference, malformedReferences, substitute } from './substitute.ts';

describe('a reference', () => {
  it.each<[string, string, string[]]>([
    ['plain', 'plain', []],
    ['${A}', 'alpha', []],
    ['x-${A}-${B:-beta}', 'x-alpha-beta', []],
    ['${A:-unused}', 'alpha', []],
    ['${NONE}', '', ['NONE']],
    ['${EMPTY}', '', ['EMPTY']],
    ['${EMPTY:-instead}', 'instead', []],
    ['${NONE:-}', '', []],
    ['${URL:-http://127.0.0.1:3002}/slack', 'http://127.0.0.1:3002/slack', []],
    ['$${A} and $A', '${A} and $A', []],
    ['${HAS_REFERENCE}', '${A}', []],
  ])('%s becomes %s', (text, expected, missing) => {
    expect(substitute(text, { A: 'alpha', EMPTY: '', HAS_REFERENCE: '${A}' })).toEqual({ text: expected, missing, problems: [] });
  });

  it('is filled in from a file, and what is wrong with the file is said, not replaced by a default', () => {
    const nowhere = join(import.meta.dirname, 'nowhere');
    expect(substitute('${HERE}', { HERE_FILE: fileURLToPath(new URL('../../.npmrc', import.meta.url)) }).text).toContain('fund=false');
    expect(substitute('a${KEY:-b}', { KEY_FILE: nowhere })).toEqual({ text: 'a', missing: [], problems: [`KEY_FILE names ${nowhere}, which cannot be read (ENOENT)`] });
  });

  it('is filled in from the vault, by name, with a default where there is none', () => {
    const stored = (name: string) => (name === 'shut' ? { problem: 'it cannot be opened' } : { value: name === 'stripe.key-1' ? 'hush' : undefined });
    const filled = (text: string) => substitute(text, { A: 'alpha' }, stored);
    expect(filled('Bearer ${vault:stripe.key-1}-${A}')).toEqual({ text: 'Bearer hush-alpha', missing: [], problems: [] });
    expect(filled('${vault:none:-}x')).toEqual({ text: 'x', missing: [], problems: [] });
    expect(filled('${vault:none}').problems).toEqual(['there is no stored secret none; store it: trunkline secrets set none']);
    expect(filled('${vault:shut:-instead}')).toEqual({ text: '', missing: [], problems: ['it cannot be opened'] });
    expect(substitute('${vault:a}', {}).problems).toEqual(['stored secrets cannot be had here']);
  });

  it('is told from what only looks like one', () => {
    expect(['${A}', '${vault:a}', '$${A}', 'x'].map(hasReference)).toEqual([true, true, false, false]);
    expect(['${A}', '${A:-b-c}', '$${1}', '${1}', '${A-b}', '${A', 'x ${} y', '${vault:a.b-c:-d}', '${vault:A}', '${vault:}'].map((text) => malformedReferences(text).length)).toEqual([0, 0, 0, 1, 1, 1, 1, 0, 1, 1]);
  });
});
