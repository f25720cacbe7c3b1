#!/usr/bin/env node
// npm run new:partner <name> [--root <folder>]: a partner's folder and its conformance script, from tools/partner-template.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const template = fileURLToPath(new URL('./partner-template', import.meta.url));
const [name, flag, folder] = process.argv.slice(2);
const root = flag === '--root' ? resolve(folder) : resolve(template, '../..');

const fail = (why) => {
  console.error(why);
  process.exit(1);
};

if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name ?? '')) fail('Usage: npm run new:partner <name>, where the name is lower-case words joined by dashes: "google-drive".');
const home = join(root, 'libs/partners', name);
if (existsSync(home)) fail(`${home} is there already.`);

const words = name.split('-');
const capital = (word) => word[0].toUpperCase() + word.slice(1);
const camel = words[0] + words.slice(1).map(capital).join('');
const pascal = words.map(capital).join('');

/** `acme` as an identifier, in file names and URLs, and in prose. */
const renamed = (text) =>
  text
    .replaceAll('../../test/conformance/partner.suite.ts', '../partner.suite.ts')
    .replaceAll(/\bacme(?=[:,;]|Script| =|\b: Partner)|(?<=const )acme\b/g, camel)
    .replaceAll('ToAcme', `To${pascal}`)
    .replaceAll('acme', name)
    .replaceAll('Acme', words.map(capital).join(' '));

const place = (file) => (file.endsWith('.script.ts') ? join(root, 'test/conformance/scripts', `${name}.script.ts`) : join(home, file.replace('acme', name)));

for (const file of readdirSync(template, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())) {
  const path = join(file.parentPath, file.name);
  const target = place(path.slice(template.length + 1));
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, renamed(readFileSync(path, 'utf8')), { flag: 'wx' });
  console.log(`wrote ${target.slice(root.length + 1)}`);
}

console.log(`
Next:
  1. libs/partners/registry.ts: import { ${camel} } from './${name}/${name}.partner.ts', and add it to the list.
  2. apps/sandbox/played/${name}.ts: play it, and add it to apps/sandbox/stage.ts.
  3. test/conformance/partners.spec.ts: ${name.includes('-') ? `'${name}'` : name}: [${camel}Script, { signsWebhooks: true, lists: false, idempotency: 'key' }].
  4. npx vitest run test/conformance: the partner is done when it is green, and QUIRKS.md says what its documentation does not.`);
