// `npm test [-- files or vitest options]`: every test, or those that are named. Ends with one plain line of counts.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

const vitest = (args) =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [join(ROOT, 'node_modules', 'vitest', 'vitest.mjs'), 'run', ...args], { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] });
    child.once('exit', (code) => resolve(code ?? 1));
  });

const readCounts = async (file) => {
  try {
    const { numPassedTests: passed, numFailedTests: failed, numFailedTestSuites: brokenFiles, testResults } = JSON.parse(await readFile(file, 'utf8'));
    // A file that cannot even be loaded holds no test that could fail: it counts as one.
    const unloadable = testResults.filter((result) => result.status === 'failed' && result.assertionResults.length === 0).length;
    return { passed, failed: failed + unloadable, brokenFiles };
  } catch {
    return { passed: 0, failed: 1 };
  }
};

/** Runs the tests and sets the exit code. With TRUNKLINE_TEST_COUNTS, the counts also go into that file, for .ci/run. */
export const runTests = async (args) => {
  const folder = await mkdtemp(join(tmpdir(), 'trunkline-counts-'));
  const report = join(folder, 'report.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${process.env.TRUNKLINE_TEST_REPORT ?? report}`];
  const code = await vitest([...reporters, ...args]);
  const { passed, failed } = await readCounts(process.env.TRUNKLINE_TEST_REPORT ?? report);
  await rm(folder, { recursive: true, force: true });
  const honest = code !== 0 && failed === 0 ? 1 : failed;
  process.stdout.write(`${passed} passed, ${honest} failed\n`);
  process.exitCode = code === 0 && honest === 0 ? 0 : 1;
};
