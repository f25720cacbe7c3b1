import { parseArgs } from 'node:util';
import { HubError } from '#contract';
import { ManifestError } from '#manifest';
import { COMMANDS, type CliCommand, type Report } from './commands.ts';

/** Without `env`, the process's own. */
type Needs = { env?: NodeJS.ProcessEnv; print(line: string): void; printError(line: string): void };

/** 0: done. 1: it could not be done, and the message says why. 2: the command line was not understood. */
export type ExitCode = 0 | 1 | 2;

const USAGE = [
  'Usage: trunkline <command> [file] [--json]',
  '',
  ...Object.entries(COMMANDS).map(([name, { about, takesFile }]) => `  ${`${name}${takesFile ? ' <file>' : ''}`.padEnd(15)} ${about}`),
  '',
  'With --json, one JSON object on standard output. Exits 0 when done, 1 when it could not be done, 2 when it was not understood.',
];

type Request = { name: string; command: CliCommand; file: string; json: boolean };

const understand = (argv: string[]): Request | 'help' | { complaint: string } => {
  try {
    const { values, positionals } = parseArgs({ args: argv, allowPositionals: true, options: { json: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false } } });
    const [name, file, ...more] = positionals;
    if (values.help || name === 'help') return 'help';
    if (name === undefined) return { complaint: 'A command is missing.' };
    const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (command === undefined) return { complaint: `There is no command '${name}'.` };
    if (command.takesFile && file === undefined) return { complaint: `${name} needs a file: trunkline ${name} trunkline.yaml` };
    if (more.length > 0 || (!command.takesFile && file !== undefined)) return { complaint: `${name} takes no '${more[0] ?? file}'.` };
    return { name, command, file: file ?? '', json: values.json };
  } catch (error) {
    return { complaint: (error as Error).message };
  }
};

/** A connection that fails has a code and often no message. */
const toHubError = (error: unknown): HubError => {
  if (error instanceof HubError) return error;
  const { code, message } = error as { code?: string; message?: string };
  if (code?.startsWith('E')) return new HubError('log-unavailable', `Postgres cannot be reached (${code}). Check DATABASE_URL and that the server runs.`, { cause: error });
  return new HubError('internal', message || String(error), { cause: error });
};

const failureData = (error: HubError): Record<string, unknown> => ({
  cause: error.code,
  message: error.message,
  ...(error instanceof ManifestError ? { problems: error.problems } : {}),
});

const printReport = (needs: Needs, request: Request, report: Report): void => {
  if (request.json) needs.print(JSON.stringify({ ok: true, command: request.name, ...report.data }));
  else for (const line of report.lines) needs.print(line);
};

/** Runs one command line, for people or with `--json` for programs. Never throws. */
export const runCli = (needs: Needs) => async (argv: string[]): Promise<ExitCode> => {
  const request = understand(argv);
  if (request === 'help') {
    for (const line of USAGE) needs.print(line);
    return 0;
  }
  if ('complaint' in request) {
    for (const line of [request.complaint, '', ...USAGE]) needs.printError(line);
    return 2;
  }
  try {
    printReport(needs, request, await request.command.run(request.file, needs.env));
    return 0;
  } catch (thrown) {
    const error = toHubError(thrown);
    if (request.json) needs.print(JSON.stringify({ ok: false, command: request.name, ...failureData(error) }));
    else needs.printError(error.message);
    return 1;
  }
};
