import { describe, expect, it } from 'vitest';
import { asSegment, fillTemplate } from './fill-template.ts';
import { resolveUrl } from './resolve-url.ts';

const BASE = 'https://api.example.com/v2/';

describe('resolveUrl', () => {
  it.each([
    ['orders/7', 'https://api.example.com/v2/orders/7'],
    ['/orders?a=1', 'https://api.example.com/v2/orders?a=1'],
    ['https://api.example.com/v2/x', 'https://api.example.com/v2/x'],
    ['a/../b', 'https://api.example.com/v2/b'],
    ['//evil.example/x', 'https://api.example.com/v2/evil.example/x'],
  ])('takes %s for %s', (url, expected) => {
    expect(resolveUrl(BASE, url)).toBe(expected);
  });

  it.each([
    'https://evil.example/v2/x', 'http://api.example.com/v2/x', 'https://api.example.com:8443/v2/x', 'https://api.example.com/v1/x', 'https://api.example.com/v2x',
    '../v1/x', '%2e%2e/v1', '..\\v1', 'x/../../admin', 'https://api.example.com@evil.example/v2/', 'https://user:pass@api.example.com/v2/', 'file:///etc/passwd',
  ])('refuses %s', (url) => {
    expect(() => resolveUrl(BASE, url)).toThrow(expect.objectContaining({ failureClass: 'client', code: 'input-invalid' }));
  });

  it('appends query values, several of one name too, and leaves null out', () => {
    expect(resolveUrl(BASE, 'x?z=0', { a: 1, b: ['p', 'q r'], c: null, d: true })).toBe('https://api.example.com/v2/x?z=0&a=1&b=p&b=q+r&d=true');
  });

  it('refuses a base that is not HTTP', () => {
    expect(() => resolveUrl('ftp://x/', 'y')).toThrow('neither http nor https');
  });
});

describe('fillTemplate', () => {
  it('encodes values so that they stay one segment', () => {
    expect(fillTemplate('/a/{{ id }}/b', { id: 'x/../y?z#é' }, asSegment)).toBe('/a/x%2F..%2Fy%3Fz%23%C3%A9/b');
  });

  it.each(['.', '..'])('refuses %j as a segment', (id) => {
    expect(() => fillTemplate('/a/{{id}}', { id }, asSegment)).toThrow('would change the path');
  });

  it('refuses a name without a value, also one that every object has', () => {
    expect(() => fillTemplate('{{id}}', {}, asSegment)).toThrow('"id"');
    expect(() => fillTemplate('{{constructor}}', {}, asSegment)).toThrow('"constructor"');
  });
});
