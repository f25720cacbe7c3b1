import { describe, expect, it } from 'vitest';
import { toForm, withReference } from './adapter.ts';

describe('toForm', () => {
  it('writes objects and arrays in bracket notation, null as empty, and leaves undefined out', () => {
    const form = toForm({ email: 'a@b', metadata: { order: 7 }, items: [{ price: 'p_1' }, { price: 'p_2', active: true }], name: null, phone: undefined });
    expect(decodeURIComponent(form.toString())).toBe('email=a@b&metadata[order]=7&items[0][price]=p_1&items[1][price]=p_2&items[1][active]=true&name=');
  });

  it('gives the same bytes for the same value, as keys are compared by parameters', () => {
    const value = { b: 1, a: { y: 'ü', x: [1, 2] } };
    expect(toForm(structuredClone(value)).toString()).toBe(toForm(value).toString());
  });
});

describe('withReference', () => {
  it('keeps the metadata of the input', () => {
    expect(withReference({ name: 'Ada', metadata: { order: '7' } }, 'c-1')).toEqual({ name: 'Ada', metadata: { order: '7', trunkline_command: 'c-1' } });
  });
});
