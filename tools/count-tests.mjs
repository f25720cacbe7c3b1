import { readFileSync } from 'node:fs';

/** Passed and failed tests of one of Vitest's JSON reports. A file that could not be loaded counts as one failed test, and so does a report that is missing. */
export const countTests = (report) => {
  try {
    const { numPassedTests: passed, numFailedTests, testResults } = JSON.parse(readFileSync(report, 'utf8'));
    const unloadable = testResults.filter(({ status, assertionResults }) => status === 'failed' && assertionResults.every((result) => result.status !== 'failed'));
    return { passed, failed: numFailedTests + unloadable.length };
  } catch {
    return { passed: 0, failed: 1 };
  }
};
