/**
 * What `npm audit --json` came to: `{ words, bad }`. A registry without an audit endpoint, or none at all, is not the project's fault
 * and not bad; advisories of severity high and above are.
 */
export const judgeAudit = (output) => {
  const report = read(output);
  const counts = report?.metadata?.vulnerabilities;
  if (counts === undefined) return { words: `not reachable: ${report?.error?.summary || report?.message || 'the registry gave no audit report'}`, bad: false };
  const serious = (counts.high ?? 0) + (counts.critical ?? 0);
  const named = Object.values(report.vulnerabilities ?? {}).filter(({ severity }) => severity === 'high' || severity === 'critical').map(({ name, severity, range }) => `${name} ${range} (${severity})`);
  const words = `${counts.total ?? 0} advisories, ${serious} of them high or critical${named.length > 0 ? `: ${named.join(', ')}` : ''}`;
  return { words, bad: serious > 0 };
};

const read = (output) => {
  try {
    return JSON.parse(output);
  } catch {
    return undefined;
  }
};
