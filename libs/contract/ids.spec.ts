import { describe, expect, it } from 'vitest';
import { isUuid, newCorrelationId } from './ids.ts';

describe('newCorrelationId', () => {
  it('gives UUIDs of version 7 that are all different', () => {
    const ids = Array.from({ length: 2_000 }, () => newCorrelationId(1_700_000_000_000));
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) {
      expect(isUuid(id)).toBe(true);
      expect(id).toMatch(/^018bcfe5-6800-7[0-9a-f]{3}-[89ab]/);
    }
  });

  it('sorts by time', () => {
    expect(newCorrelationId(1_700_000_000_001) > newCorrelationId(1_700_000_000_000)).toBe(true);
  });
});
