import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, expect, it } from 'vitest';

const run = promisify(execFile);
const tool = fileURLToPath(new URL('./new-partner.mjs', import.meta.url));
const root = mkdtempSync(join(tmpdir(), 'trunkline-new-partner-'));
afterAll(() => rmSync(root, { recursive: true }));

const scaffold = (...args: string[]) => run(process.execPath, [tool, ...args, '--root', root]);

it('writes a partner and its conformance script under the given name, and says what comes next', async () => {
  const { stdout } = await scaffold('google-drive');
  const home = join(root, 'libs/partners/google-drive');
  expect(readdirSync(home).sort()).toEqual(['QUIRKS.md', 'client.ts', 'driver.ts', 'fixtures', 'google-drive.partner.ts', 'webhooks.ts']);
  const written = [...readdirSync(home).filter((file) => file.includes('.')).map((file) => join(home, file)), join(root, 'test/conformance/scripts/google-drive.script.ts')];
  const text = written.map((file) => readFileSync(file, 'utf8')).join('\n');
  expect(text).not.toMatch(/acme/i);
  expect(text).toContain('export const googleDrive: Partner = {');
  expect(text).toContain("name: 'google-drive'");
  expect(text).toContain("from '../partner.suite.ts'");
  expect(stdout).toContain('libs/partners/registry.ts');
});

it('writes over nothing', async () => {
  await scaffold('zendesk');
  await expect(scaffold('zendesk')).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('is there already') });
});

it.each(['Zendesk', '../evil', 'a--b', ''])('refuses the name %j', async (name) => {
  await expect(scaffold(name)).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('Usage') });
  expect(existsSync(join(root, 'evil'))).toBe(false);
});
