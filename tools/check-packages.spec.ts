import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';

const tool = fileURLToPath(new URL('./check-packages.mjs', import.meta.url));
const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

const run = (...args: string[]) => {
  const { stdout, stderr, status } = spawnSync(process.execPath, [tool, ...args], { encoding: 'utf8' });
  return { output: stdout + stderr, status };
};

const integrity = `sha512-${'a'.repeat(86)}==`;

/** A project with these packages in its lockfile, and these reasons. */
const project = (packages: Record<string, object>, reasons: Record<string, string> = {}, allowScripts: Record<string, boolean> = {}) => {
  const folder = mkdtempSync(join(tmpdir(), 'packages-'));
  folders.push(folder);
  mkdirSync(join(folder, 'tools'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ allowScripts }));
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ packages: { '': {}, ...packages } }));
  writeFileSync(join(folder, 'tools/install-scripts.json'), JSON.stringify(reasons));
  return run(folder);
};

it('passes on this project', () => {
  expect(run()).toMatchObject({ status: 0, output: expect.stringMatching(/^\d{3,} packages, \d+ with an install script, 0 problems\n$/) });
});

it('passes hashed packages, workspaces, and scripts that are known', () => {
  const packages = { 'node_modules/a': { integrity }, 'node_modules/b': { link: true }, 'node_modules/a/node_modules/@c/d': { integrity, hasInstallScript: true } };
  expect(project(packages, { '@c/d': 'Runs. Builds.' }, { '@c/d': true })).toMatchObject({ status: 0, output: '3 packages, 1 with an install script, 0 problems\n' });
});

it.each<[string, Parameters<typeof project>, string]>([
  ['a package without a hash', [{ 'node_modules/a': {} }], 'node_modules/a has no SHA-512 integrity hash'],
  ['a package with a weak hash', [{ 'node_modules/a': { integrity: 'sha1-abc' } }], 'node_modules/a has no SHA-512 integrity hash'],
  ['a package that names a host', [{ 'node_modules/a': { integrity, resolved: 'https://registry.test/a.tgz' } }], 'names where it comes from (https://registry.test/a.tgz)'],
  ['a package that came with a new script', [{ 'node_modules/a': { integrity, hasInstallScript: true } }], 'a wants to run a script'],
  ['a reason that nobody needs', [{ 'node_modules/a': { integrity } }, { a: 'Runs.' }], 'a is named in tools/install-scripts.json and has no install script'],
  ['a script that runs against its reason', [{ 'node_modules/a': { integrity, hasInstallScript: true } }, { a: 'Does not run: it phones home.' }, { a: true }], 'a: allowScripts of package.json says true'],
  ['a lockfile without packages', [{}], 'No lockfile names a package'],
])('fails on %s', (_, given, message) => {
  const { output, status } = project(...given);
  expect(output).toContain(message);
  expect(status).toBe(1);
});
