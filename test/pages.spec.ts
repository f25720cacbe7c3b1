import { access, readdir, readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';

const root = new URL('../', import.meta.url);

it('names only files that exist on the journey', async () => {
  const page = await readFile(new URL('docs/journey.md', root), 'utf8');
  const named = [...new Set([...page.matchAll(/`((?:apps|libs)\/[^`]+)`/g)].map((match) => match[1]!))];
  expect(named.length).toBeGreaterThan(30);
  const missing: string[] = [];
  for (const path of named) await access(new URL(path, root)).catch(() => missing.push(path));
  expect(missing).toEqual([]);
});

it('has no dead links between pages', async () => {
  const pages = ['README.md', 'docs/README.md', 'docs/architecture.md', 'docs/journey.md', 'docs/errors.md', 'docs/operations.md', 'docs/access.md', 'docs/telemetry.md', 'docs/glossary.md', 'docs/manifest.md', 'docs/metrics.md', 'docs/notifications.md', 'docs/secrets.md', 'docs/security.md', 'SECURITY.md', 'CHANGELOG.md'];
  for (const runbook of await readdir(new URL('docs/runbooks/', root))) pages.push(`docs/runbooks/${runbook}`);
  const dead: string[] = [];
  for (const page of pages) {
    const text = await readFile(new URL(page, root), 'utf8');
    for (const [, link] of text.matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)) {
      await access(new URL(link!, new URL(page, root))).catch(() => dead.push(`${page}: ${link}`));
    }
  }
  expect(dead).toEqual([]);
});

it('names only npm scripts that there are', async () => {
  const { scripts } = JSON.parse(await readFile(new URL('package.json', root), 'utf8')) as { scripts: Record<string, string> };
  const text = (await Promise.all(['README.md', 'docs/access.md', 'docs/telemetry.md', 'docs/operations.md', 'docs/security.md'].map((page) => readFile(new URL(page, root), 'utf8')))).join('\n');
  const named = new Set([...text.matchAll(/npm run (?:--silent )?([\w:-]+)/g)].map((match) => match[1]!));
  expect([...named].filter((name) => scripts[name] === undefined)).toEqual([]);
});
