import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { ERROR_CODES } from '#contract';

it('gives every error code one paragraph, and no other', async () => {
  const page = await readFile(new URL('../docs/errors.md', import.meta.url), 'utf8');
  const sections = page.split(/^### /m).slice(1);
  expect(sections.map((section) => section.split('\n')[0]).toSorted()).toEqual([...ERROR_CODES].toSorted());
  for (const section of sections) expect(section.split('\n').slice(1).join('').length, section).toBeGreaterThan(80);
});
