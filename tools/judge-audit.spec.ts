import { expect, it } from 'vitest';
// @ts-expect-error: a tool in plain JavaScript, for the npm scripts.
import { judgeAudit } from './judge-audit.mjs';

const report = (vulnerabilities: Record<string, object>, counts: Record<string, number>) => JSON.stringify({ auditReportVersion: 2, vulnerabilities, metadata: { vulnerabilities: counts } });

it('is content without severe advisories', () => {
  expect(judgeAudit(report({ a: { name: 'a', severity: 'low', range: '<2' } }, { low: 1, high: 0, critical: 0, total: 1 }))).toEqual({ words: '1 advisories, 0 of them high or critical', bad: false });
});

it('names what is severe', () => {
  const given = report({ a: { name: 'a', severity: 'critical', range: '<2' }, b: { name: 'b', severity: 'moderate', range: '*' } }, { moderate: 1, high: 0, critical: 1, total: 2 });
  expect(judgeAudit(given)).toEqual({ words: '2 advisories, 1 of them high or critical: a <2 (critical)', bad: true });
});

it.each([
  ['has no such endpoint', '{"message":"404 Not Found - POST /-/npm/v1/security/audits/quick","error":{"summary":"audit endpoint returned an error"}}', 'not reachable: audit endpoint returned an error'],
  ['is not there', '{"error":{"code":"ENOTFOUND","summary":""},"message":"request failed"}', 'not reachable: request failed'],
  ['says nothing', '', 'not reachable: the registry gave no audit report'],
  ['says something else', '<html>', 'not reachable: the registry gave no audit report'],
])('does not fail when the registry %s', (_, output, words) => {
  expect(judgeAudit(output)).toEqual({ words, bad: false });
});
