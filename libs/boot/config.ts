import { HubError } from '#contract';
import type { ConfigField } from './config-fields.ts';
import { readVariable } from './read-variable.ts';

type Fields = Record<string, ConfigField<never> | ConfigField<string> | ConfigField<number> | ConfigField<boolean> | ConfigField<string[]>>;

/** Every setting of one room. */
export type ConfigSchema<F extends Fields = Fields> = { name: string; fields: F };

type ValueOf<Field> = Field extends { read(text: string): (infer T) | undefined } ? T : never;

/** The values that a schema yields. */
export type ConfigOf<Schema extends ConfigSchema> = { [K in keyof Schema['fields']]: ValueOf<Schema['fields'][K]> };

/** Names a room's settings. One schema per room, in `<room>.config.ts`; docs/config.md is generated from them. */
export const defineConfig = <F extends Fields>(name: string, fields: F): ConfigSchema<F> => ({ name, fields });

type Reading = { value?: unknown; problem?: string };

const readField = (field: Fields[string], env: NodeJS.ProcessEnv): Reading => {
  const { value: found, file, problem } = readVariable(field.env, env);
  if (problem) return { problem: `${problem}: ${field.about}` };
  const given = found?.trim();
  if (!given) {
    return field.default === undefined ? { problem: `${field.env} is required: ${field.about}` } : { value: field.default };
  }
  const value = field.read(given);
  if (value !== undefined) return { value };
  return { problem: `${field.env} must be ${field.allowed}${field.secret || file ? '' : `, and is "${given}"`}: ${field.about}` };
};

/** A room's settings from environment variables, or the files that `<NAME>_FILE` names; an empty variable counts as unset. Throws `config-invalid` naming every problem at once. */
export const loadConfig = <S extends ConfigSchema>(schema: S, env: NodeJS.ProcessEnv = process.env): ConfigOf<S> => {
  const readings = Object.entries(schema.fields).map(([key, field]) => [key, readField(field, env)] as const);
  const problems = readings.flatMap(([, { problem }]) => problem ?? []);
  if (problems.length > 0) {
    throw new HubError('config-invalid', [`The ${schema.name} room cannot start with this configuration:`, ...problems.map((line) => `  ${line}`)].join('\n'));
  }
  return Object.fromEntries(readings.map(([key, { value }]) => [key, value])) as ConfigOf<S>;
};

const withoutPassword = (value: unknown): unknown =>
  typeof value === 'string' ? value.replace(/(\w+:\/\/[^:/?#]*:)[^@/]*@/, '$1***@').replace(/(\w+:\/\/)[^:@/?#]+@/, '$1***@') : value;

/** The effective settings for a log line: by variable, secrets as "set" or "unset", passwords and tokens in URLs starred. */
export const describeConfig = <S extends ConfigSchema>(schema: S, config: ConfigOf<S>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(schema.fields).map(([key, field]) => {
      const value = config[key as keyof ConfigOf<S>];
      return [field.env, field.secret ? (value ? 'set' : 'unset') : withoutPassword(value)];
    }),
  );

/** Prints the effective settings as one log line. */
export const printConfig = <S extends ConfigSchema>(schema: S, config: ConfigOf<S>, write: (line: string) => unknown = (line) => process.stdout.write(line)): void => {
  const line = { level: 'info', time: new Date().toISOString(), room: schema.name, config: describeConfig(schema, config), msg: 'config' };
  write(`${JSON.stringify(line)}\n`);
};
