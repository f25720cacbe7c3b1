// `npm run imports`: dependency-cruiser by the rules of .dependency-cruiser.cjs. Fails too when a file was not cruised:
// a cruiser that reads nothing finds nothing (with a TypeScript that it does not know, it silently reads no module).
import { readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cruise } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';

/** The project to look at: this one, or the folder that is named. */
const ROOT = process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url));
const FOLDERS = ['apps', 'bench', 'deploy', 'libs', 'test', 'tools'];

const sources = async () => {
  const lists = await Promise.all(FOLDERS.map((folder) => readdir(join(ROOT, folder), { recursive: true, withFileTypes: true }).catch(() => [])));
  return lists.flat()
    .filter((entry) => entry.isFile() && /\.(ts|mjs)$/.test(entry.name))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
    .filter((file) => !/node_modules|partner-template/.test(file));
};

process.chdir(ROOT);
const { forbidden, options } = createRequire(import.meta.url)(join(ROOT, '.dependency-cruiser.cjs'));
const files = await sources();
const present = FOLDERS.filter((folder) => files.some((file) => file.startsWith(`${folder}/`)));
if (files.length === 0) throw new Error(`There is no source below ${ROOT}.`);
const { output } = await cruise(present, { ...options, ruleSet: { forbidden }, validate: true }, undefined, { tsConfig: extractTSConfig(join(ROOT, 'tsconfig.json')) });

const cruised = new Set(output.modules.map((module) => module.source));
const overlooked = files.filter((file) => !cruised.has(file));
for (const { from, to, rule, cycle } of output.summary.violations) {
  const path = cycle ? cycle.map((step) => step.name).join(' → ') : to;
  const why = forbidden.find(({ name }) => name === rule.name).comment;
  console.error(`${rule.name}: ${from} → ${path}\n  ${why}`);
}
for (const file of overlooked) console.error(`overlooked: ${file} was not cruised`);
console.log(`${files.length} files cruised, ${output.summary.violations.length} imports against the rules, ${overlooked.length} files overlooked`);
process.exitCode = output.summary.violations.length + overlooked.length > 0 ? 1 : 0;
