import { readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';

/** What the environment says of one name: its value, or why there is none although there should be. Neither: it is not set. */
export type Variable = { value?: string; file?: string; problem?: string };

type Environment = Readonly<Record<string, string | undefined>>;

const FILE = '_FILE';

const readFrom = (variable: string, file: string): Variable => {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return { problem: `${variable} names ${file}, which cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})` };
  }
  const value = text.replace(/[\r\n]+$/, '');
  return value.trim() === '' ? { problem: `${variable} names ${file}, which is empty` } : { value, file };
};

/**
 * The value of a variable, or of the file that `<NAME>_FILE` names, without the newline at its end: Docker secrets, Vault Agent and
 * External Secrets write such files. An empty variable counts as not set. The file is read anew each time.
 */
export const readVariable = (name: string, env: Environment): Variable => {
  const [value, file] = [env[name], env[name + FILE]?.trim()];
  if (value && file) return { problem: `${name} and ${name + FILE} are both set; set one of them` };
  if (value) return { value };
  return file ? readFrom(name + FILE, file) : {};
};

/** The environment with other values for some names: a `<NAME>_FILE` of theirs would contradict, and is left out. */
export const withValues = (env: NodeJS.ProcessEnv, values: Record<string, string>): NodeJS.ProcessEnv => {
  const merged: NodeJS.ProcessEnv = { ...env, ...values };
  for (const name of Object.keys(values)) delete merged[name + FILE];
  return merged;
};

const lookOf = async (file: string): Promise<string> => {
  const seen = await stat(file).catch(() => undefined);
  return seen === undefined ? 'none' : `${seen.ino}:${seen.mtimeMs}:${seen.size}`;
};

/** Tells whether a file that some `*_FILE` variable names was replaced, changed, made or removed since it was last asked. */
export const watchVariableFiles = (env: Environment): (() => Promise<boolean>) => {
  const files = Object.entries(env).flatMap(([name, file]) => (name.endsWith(FILE) && file ? [file.trim()] : []));
  const look = async (): Promise<string> => (await Promise.all(files.map(lookOf))).join();
  let last = look();
  return async () => {
    const before = await last;
    last = look();
    return (await last) !== before;
  };
};
