/** What a command found or did: lines for a person, and the same as data. */
export type Report = { lines: string[]; data: Record<string, unknown> };

/** An option with a value; `value` says in the usage what it may be. */
export type CliOption = { value: string; required?: true; many?: true };

/** What was given for each option, in the order given; absent when it was not. */
export type GivenOptions = Readonly<Record<string, readonly string[] | undefined>>;

/** One command of the program. `takes` names its one argument, which is empty for a command without. */
export type CliCommand = {
  about: string;
  takes?: 'file' | 'id';
  options?: Readonly<Record<string, CliOption>>;
  run(argument: string, env?: NodeJS.ProcessEnv, given?: GivenOptions): Promise<Report>;
};
