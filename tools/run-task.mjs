// What the npm scripts do, on the project's own Node: builds when sources have changed, then becomes the task.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from './build.mjs';
import { runTests } from './run-tests.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** A program of the build, which takes over this process. */
const program = (path) => async (args) => {
  const file = join(ROOT, 'dist', path);
  if (!existsSync(file)) throw new Error(`${file} is missing: there is no such program in this version.`);
  process.argv = [process.execPath, file, ...args];
  await import(file);
};

const TASKS = {
  build: async () => undefined,
  start: program('apps/standalone/main.js'),
  webhook: program('apps/standalone/print-webhook.js'),
  trunkline: program('apps/standalone/run-cli-here.js'),
  demo: program('tools/demo/main.js'),
  docs: program('tools/docs/main.js'),
  bench: program('bench/main.js'),
  chaos: program('test/chaos/main.js'),
  soak: program('test/soak/main.js'),
  fuzz: (args) => {
    process.env.FUZZ_REQUESTS ??= '20000';
    return runTests(['test/fuzz', ...args]);
  },
  test: runTests,
};

const [name, ...args] = process.argv.slice(2);
const task = TASKS[name];
if (!task) {
  process.stderr.write(`There is no task "${name}". There are: ${Object.keys(TASKS).join(', ')}.\n`);
  process.exit(2);
}
const built = await build();
if (built) await task(args);
else process.exitCode = 1;
