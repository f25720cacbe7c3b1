// `npm run --silent trunkline -- <command>`: the command line, for the database of the hub that runs here unless DATABASE_URL names another.
import { resolve } from 'node:path';
import { loadConfig } from '#boot';
import { isHubError } from '#contract';
import { readSecret } from '../cli/read-secret.ts';
import { runCli } from '../cli/run-cli.ts';
import { withMasterKeys } from './master-keys.ts';
import { readRunning } from './running-file.ts';
import { standaloneConfig } from './standalone.config.ts';

const printError = (line: string): void => void process.stderr.write(`${line}\n`);

const here = async (env: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> => {
  const { databaseUrl, dataDir: named } = loadConfig(standaloneConfig, env);
  const dataDir = resolve(named);
  if (databaseUrl) return env;
  const running = await readRunning(dataDir).catch((error: unknown) => {
    // Some commands need no database, and the others say what they miss.
    if (isHubError(error, 'not-ready')) return undefined;
    throw error;
  });
  return running === undefined ? env : withMasterKeys({ ...env, DATABASE_URL: running.databaseUrl }, dataDir);
};

const run = runCli({ env: await here(process.env), print: (line) => process.stdout.write(`${line}\n`), printError, readSecret: (prompt) => readSecret(process.stdin, process.stderr, prompt) });
process.exitCode = await run(process.argv.slice(2));
