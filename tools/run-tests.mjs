// `npm test [-- files or vitest options]`: every test, or those that are named. Ends with one plain line of counts.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { countTests } from './count-tests.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

const vitest = (args) =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [join(ROOT, 'node_modules', 'vitest', 'vitest.mjs'), 'run', ...args], { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] });
    child.once('exit', (code) => resolve(code ?? 1));
  });

/** Runs the tests and sets the exit code. TRUNKLINE_TEST_REPORT keeps Vitest's JSON report in that file, for .ci/run. */
export const runTests = async (args) => {
  const folder = await mkdtemp(join(tmpdir(), 'trunkline-counts-'));
  const report = process.env.TRUNKLINE_TEST_REPORT || join(folder, 'report.json');
  const code = await vitest(['--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...args]);
  const { passed, failed } = countTests(report);
  await rm(folder, { recursive: true, force: true });
  // Vitest also fails for errors that belong to no test.
  const honest = code !== 0 ? Math.max(failed, 1) : failed;
  process.stdout.write(`${passed} passed, ${honest} failed\n`);
  process.exitCode = honest === 0 ? 0 : 1;
};
