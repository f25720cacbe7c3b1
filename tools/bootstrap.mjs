// The way in on a fresh clone: plain JavaScript for any Node ≥ 20, without a single dependency. It installs the packages
// when they are missing or not those of the lockfile, and hands over to `run-task.mjs` on the project's own Node.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const NODE = join(ROOT, 'node_modules', 'node', 'bin', 'node');
const say = (line) => process.stderr.write(`${line}\n`);

const leave = (line) => {
  say(line);
  process.exit(1);
};

const readJson = (path) => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
};

/** Whether each package of the lockfile is there in its version; those for other platforms may be missing. */
const isInstalled = () => {
  const wanted = readJson(join(ROOT, 'package-lock.json'))?.packages;
  const present = readJson(join(ROOT, 'node_modules', '.package-lock.json'))?.packages;
  if (!wanted) leave('package-lock.json is missing or broken. Clone the project again.');
  if (!present || !existsSync(NODE)) return false;
  return Object.entries(wanted).every(([path, { version, optional, link }]) => {
    if (path === '' || link) return true;
    return present[path] ? present[path].version === version : optional === true;
  });
};

const run = (path, args, options) =>
  new Promise((resolve) => {
    const child = spawn(path, args, { cwd: ROOT, stdio: 'inherit', ...options });
    // Ctrl-C reaches the child by itself, which then decides; a plain kill has to be passed on.
    const passOn = (signal) => child.kill(signal);
    const ignore = () => undefined;
    process.on('SIGINT', ignore).on('SIGTERM', passOn).on('SIGHUP', passOn);
    child.once('error', (error) => leave(`${path} cannot be run: ${error.message}`));
    child.once('exit', (code, signal) => {
      process.off('SIGINT', ignore).off('SIGTERM', passOn).off('SIGHUP', passOn);
      resolve(code ?? (signal === 'SIGINT' ? 130 : 1));
    });
  });

/** Says how long it has been going on when nobody else shows progress. */
const ticking = async (what, work) => {
  const started = Date.now();
  const seconds = () => `${Math.round((Date.now() - started) / 1000)} s`;
  const timer = setInterval(() => say(`  … ${what}, ${seconds()}`), 10_000);
  const result = await work().finally(() => clearInterval(timer));
  say(`  ${what}: ${seconds()}`);
  return result;
};

const install = async () => {
  say(`Installing packages (npm ci). ${existsSync(join(ROOT, 'node_modules')) ? 'The lockfile has changed.' : 'The first time this takes a minute or so and about 800 MB.'}`);
  // Engine warnings come from the Node that runs npm; the project runs on its own.
  const code = await ticking('npm ci', () => run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { shell: process.platform === 'win32' }));
  if (code === 130) process.exit(130);
  if (code !== 0) leave('npm ci failed; its words are above. Without a network it works only after a first time.');
  if (!existsSync(NODE)) leave('The project\'s own Node was not installed. Its package needs install scripts: run `npm ci --ignore-scripts=false`.');
};

const [major = 0] = process.versions.node.split('.').map(Number);
if (major < 20) leave(`This needs Node 20 or newer to begin with, and this is ${process.version}. See https://nodejs.org`);
if (!isInstalled()) await install();

const env = { ...process.env, PATH: [join(ROOT, 'node_modules', '.bin'), process.env.PATH].join(delimiter) };
process.exitCode = await run(NODE, ['--enable-source-maps', join(ROOT, 'tools', 'run-task.mjs'), ...process.argv.slice(2)], { env });
