import { parseArgs } from 'node:util';
import type { CliCommand, GivenOptions } from './cli-command.ts';

/** A command line that makes sense: which command, with what. */
export type Request = { name: string; command: CliCommand; argument: string; given: GivenOptions; json: boolean };

type Commands = Readonly<Record<string, CliCommand>>;
type Complaint = { complaint: string };

/** A command's name is one word, or two where there are several of a kind (`keys list`). */
const nameOf = (commands: Commands, [first = '', second = '']: string[]): { name: string; words: number } | Complaint => {
  if (first === '') return { complaint: 'A command is missing.' };
  if (Object.hasOwn(commands, first)) return { name: first, words: 1 };
  const kind = Object.keys(commands).filter((name) => name.startsWith(`${first} `));
  if (Object.hasOwn(commands, `${first} ${second}`)) return { name: `${first} ${second}`, words: 2 };
  if (kind.length > 0) return { complaint: `${first} needs to know what to do: ${kind.map((name) => name.slice(first.length + 1)).join(', ')}.` };
  return { complaint: `There is no command '${first}'.` };
};

const argumentOf = (name: string, { takes }: CliCommand, [argument, ...more]: string[]): { argument: string } | Complaint => {
  if (takes !== undefined && argument === undefined) return { complaint: `${name} needs ${takes === 'id' ? 'an id' : `a ${takes}`}: trunkline ${name} ${takes === 'file' ? 'trunkline.yaml' : `<${takes}>`}` };
  if (more.length > 0 || (takes === undefined && argument !== undefined)) return { complaint: `${name} takes no '${more[0] ?? argument}'.` };
  return { argument: argument ?? '' };
};

const optionFault = (name: string, { options = {} }: CliCommand, given: GivenOptions): string | undefined => {
  const foreign = Object.keys(given).find((option) => !Object.hasOwn(options, option));
  if (foreign !== undefined) return `${name} takes no --${foreign}.`;
  const missing = Object.entries(options).filter(([option, { required }]) => required && given[option] === undefined).map(([option]) => `--${option}`);
  if (missing.length > 0) return `${name} needs ${missing.join(' and ')}.`;
  const twice = Object.entries(options).find(([option, { many }]) => !many && (given[option]?.length ?? 0) > 1);
  return twice && `${name} takes one --${twice[0]}.`;
};

/** Every option of any command; which command takes which is looked at afterwards, so that the complaint can name it. */
const optionsOf = (commands: Commands) =>
  Object.fromEntries(Object.values(commands).flatMap(({ options = {} }) => Object.keys(options)).map((name) => [name, { type: 'string', multiple: true } as const]));

/** What a command line asks for, or what is wrong with it. */
export const understand = (commands: Commands, argv: string[]): Request | 'help' | Complaint => {
  try {
    const flags = { json: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false } } as const;
    const { values, positionals } = parseArgs({ args: argv, allowPositionals: true, options: { ...optionsOf(commands), ...flags } });
    const { json, help, ...given } = values;
    if (help || positionals[0] === 'help') return 'help';
    const named = nameOf(commands, positionals);
    if ('complaint' in named) return named;
    const command = commands[named.name]!;
    const wanted = argumentOf(named.name, command, positionals.slice(named.words));
    if ('complaint' in wanted) return wanted;
    const fault = optionFault(named.name, command, given as GivenOptions);
    if (fault !== undefined) return { complaint: fault };
    return { name: named.name, command, argument: wanted.argument, given: given as GivenOptions, json: json === true };
  } catch (error) {
    return { complaint: (error as Error).message };
  }
};
