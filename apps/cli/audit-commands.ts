import { loadConfig } from '#boot';
import { HubError } from '#contract';
import { openDatabase, readAudit, verifyAudit, type AuditHead, type Database } from '#event-log';
import type { CliCommand, Report } from './cli-command.ts';
import { cliConfig } from './cli.config.ts';

const withDatabase = async <T>(env: NodeJS.ProcessEnv | undefined, work: (database: Database) => Promise<T>): Promise<T> => {
  const { databaseUrl } = loadConfig(cliConfig, env);
  const database = openDatabase({ url: databaseUrl, applicationName: 'trunkline-cli', role: 'trunkline_operator', max: 1 });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
};

const readHead = (text: string | undefined): AuditHead | undefined => {
  if (text === undefined) return undefined;
  const [, version, hash] = /^(\d{1,9}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (version === undefined || hash === undefined) throw new HubError('validation-failed', '--head takes what an earlier check printed: <number>:<64 hex digits>.');
  return { version: Number(version), hash };
};

const runVerify = async (env: NodeJS.ProcessEnv | undefined, head: AuditHead | undefined): Promise<Report> => {
  const verdict = await withDatabase(env, (database) => verifyAudit(database, head));
  if (verdict.broken !== undefined) throw new HubError('audit-broken', `The audit trail was tampered with. ${verdict.broken.why} The ${verdict.records} records before hold.`);
  const end = `${verdict.head.version}:${verdict.head.hash}`;
  return {
    lines: [`All ${verdict.records} records of the audit trail hold.`, `Head: ${end}`, 'Keep it elsewhere: with --head it proves later that nothing up to here was changed or cut off.'],
    data: { records: verdict.records, head: end },
  };
};

const runExport = async (env: NodeJS.ProcessEnv | undefined): Promise<Report> => {
  const records = await withDatabase(env, (database) => readAudit(database));
  return { lines: records.map((record) => JSON.stringify(record)), data: { records } };
};

/** What can be done with the audit trail, by name. */
export const AUDIT_COMMANDS: Readonly<Record<string, CliCommand>> = {
  'audit verify': {
    about: 'Checks that no record of what operators did was changed.',
    options: { head: { value: 'head of an earlier check' } },
    run: (_none, env, given = {}) => runVerify(env, readHead(given['head']?.[0])),
  },
  'audit export': { about: 'Prints what operators did, one JSON object per line.', run: (_none, env) => runExport(env) },
};
