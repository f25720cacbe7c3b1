// The last line of .ci/run: `N passed, N failed` over all reports in a folder. A step that failed without a failed test counts as one.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { countTests } from './count-tests.mjs';

const [folder, brokenSteps = '0'] = process.argv.slice(2);
const counts = readdirSync(folder).map((file) => countTests(join(folder, file)));
const passed = counts.reduce((sum, count) => sum + count.passed, 0);
const failedTests = counts.reduce((sum, count) => sum + count.failed, 0);
const failed = Math.max(failedTests, Number(brokenSteps));
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
