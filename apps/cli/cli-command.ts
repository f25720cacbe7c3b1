/** What a command found or did: lines for a person, and the same as data. */
export type Report = { lines: string[]; data: Record<string, unknown> };

/** An option with a value; `value` says in the usage what it may be. */
export type CliOption = { value: string; required?: true; many?: true };

/** What was given for each option, in the order given; absent when it was not. */
export type GivenOptions = Readonly<Record<string, readonly string[] | undefined>>;

/** What a command may do beside giving its report. */
export type CliTools = {
  /** Reads a text that nobody may see: from standard input, or behind a prompt that does not show it. */
  readSecret(prompt: string): Promise<string>;
  /** Says how far it is, to a person. */
  tell(line: string): void;
};

/** One command of the program. `takes` names its one argument, which is empty for a command without. */
export type CliCommand = {
  about: string;
  takes?: 'file' | 'id' | 'name';
  options?: Readonly<Record<string, CliOption>>;
  run(argument: string, env?: NodeJS.ProcessEnv, given?: GivenOptions, tools?: CliTools): Promise<Report>;
};
