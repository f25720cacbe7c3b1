import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { configPage, roomSchemas } from './config-page.ts';

const page = await configPage();

it('is what docs/config.md says (else run: npm run docs)', () => {
  expect(readFileSync(new URL('../../docs/config.md', import.meta.url), 'utf8')).toBe(page);
});

it('has every variable of every room', async () => {
  const schemas = await roomSchemas();
  expect(schemas.map((schema) => schema.name)).toEqual(expect.arrayContaining(['ingest', 'relay', 'router', 'connector', 'projector', 'console']));
  for (const { fields } of schemas) for (const { env } of Object.values(fields)) expect(page).toContain(`\`${env}\``);
});

it('gives one variable one meaning in all rooms (standalone has defaults of its own)', async () => {
  const meanings = new Map<string, string>();
  for (const { name, fields } of (await roomSchemas()).filter((schema) => schema.name !== 'standalone')) {
    for (const { env, kind, default: fallback, secret } of Object.values(fields)) {
      // One room may do without what another needs.
      const meaning = JSON.stringify({ kind, fallback: fallback === '' ? undefined : fallback, secret: secret ?? false });
      expect(meanings.get(env) ?? meaning, `${env} in ${name}`).toBe(meaning);
      meanings.set(env, meaning);
    }
  }
});
