import { HubError } from '#contract';
import { ManifestError } from '#manifest';
import type { CliCommand, CliOption, Report } from './cli-command.ts';
import { COMMANDS } from './commands.ts';
import { understand, type Request } from './understand.ts';

/** Without `env`, the process's own. */
type Needs = { env?: NodeJS.ProcessEnv; print(line: string): void; printError(line: string): void; readSecret(prompt: string): Promise<string> };

/** 0: done. 1: it could not be done, and the message says why. 2: the command line was not understood. */
export type ExitCode = 0 | 1 | 2;

const optionUsage = ([name, { value, required, many }]: [string, CliOption]): string => {
  const text = `--${name} <${value}>${many ? ' …' : ''}`;
  return required ? text : `[${text}]`;
};

const commandUsage = ([name, { about, takes, options = {} }]: [string, CliCommand]): string[] => [
  `  ${`${name}${takes === undefined ? '' : ` <${takes}>`}`.padEnd(17)} ${about}`,
  ...(Object.keys(options).length === 0 ? [] : [`${' '.repeat(20)}${Object.entries(options).map(optionUsage).join(' ')}`]),
];

const USAGE = [
  'Usage: trunkline <command> [file, id or name] [options] [--json]',
  '',
  ...Object.entries(COMMANDS).flatMap(commandUsage),
  '',
  'With --json, one JSON object on standard output. Exits 0 when done, 1 when it could not be done, 2 when it was not understood.',
];

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
  const request = understand(COMMANDS, argv);
  if (request === 'help') {
    for (const line of USAGE) needs.print(line);
    return 0;
  }
  if ('complaint' in request) {
    for (const line of [request.complaint, '', ...USAGE]) needs.printError(line);
    return 2;
  }
  const tools = { readSecret: needs.readSecret, tell: needs.printError };
  try {
    printReport(needs, request, await request.command.run(request.argument, needs.env, request.given, tools));
    return 0;
  } catch (thrown) {
    const error = toHubError(thrown);
    if (request.json) needs.print(JSON.stringify({ ok: false, command: request.name, ...failureData(error) }));
    else needs.printError(error.message);
    return 1;
  }
};
