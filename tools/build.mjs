// Builds dist/ with `nest build`, and only when a source has changed since the last time.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const STAMP = join(ROOT, 'dist', '.built-from.json');
const FOLDERS = ['apps', 'libs', 'test', 'tools', 'bench'];
const FILES = ['tsconfig.json', 'tsconfig.build.json', 'nest-cli.json', 'package.json', 'package-lock.json'];

const sourcesIn = async (folder) => {
  const entries = await readdir(join(ROOT, folder), { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('node_modules') && /\.(ts|sql|json|yaml)$/.test(entry.name) && !entry.name.endsWith('.spec.ts'))
    .map((entry) => join(entry.parentPath, entry.name));
};

/** Every source with its size and time of change: cheap, and enough to know that nothing has moved. */
const fingerprint = async () => {
  const files = [...(await Promise.all(FOLDERS.map(sourcesIn))).flat(), ...FILES.map((file) => join(ROOT, file))].sort();
  const facts = await Promise.all(files.map(async (file) => {
    const { size, mtimeMs } = await stat(file);
    return `${file} ${size} ${mtimeMs}`;
  }));
  return { files, hash: createHash('sha256').update(facts.join('\n')).digest('hex') };
};

const readStamp = async () => {
  try {
    return JSON.parse(await readFile(STAMP, 'utf8'));
  } catch {
    return undefined;
  }
};

/** What was built from a file that is gone would stay. */
const removeOutputsOf = async (gone) => {
  const outputs = gone.map((file) => join(ROOT, 'dist', relative(ROOT, file).replace(/\.ts$/, '.js'))).flatMap((file) => [file, `${file}.map`]);
  await Promise.all(outputs.map((file) => rm(file, { force: true })));
};

const nestBuild = () =>
  new Promise((resolve) => {
    const nest = join(ROOT, 'node_modules', '@nestjs', 'cli', 'bin', 'nest.js');
    const child = spawn(process.execPath, [nest, 'build'], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
    let words = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (words += chunk));
    child.once('exit', (code) => resolve({ code, words }));
  });

/** Brings dist/ up to date. False when the sources do not compile; what is wrong has then been printed. */
export const build = async (say = (line) => process.stderr.write(`${line}\n`)) => {
  const [now, before] = [await fingerprint(), await readStamp()];
  if (before?.hash === now.hash) return true;
  const started = Date.now();
  say('Building …');
  await rm(STAMP, { force: true });
  await removeOutputsOf(before?.files.filter((file) => !now.files.includes(file)) ?? []);
  const { code, words } = await nestBuild();
  if (code !== 0) {
    say(words.trim());
    return false;
  }
  await mkdir(join(ROOT, 'dist'), { recursive: true });
  await writeFile(STAMP, JSON.stringify(now));
  say(`Built in ${((Date.now() - started) / 1000).toFixed(1)} s.`);
  return true;
};
