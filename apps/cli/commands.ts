import { loadConfig } from '#boot';
import { applyAsAct, migrate, openDatabase, openEventLog, type Database, type EventLog } from '#event-log';
import { changeText, diffManifests, manifestSchema, type ManifestChange } from '#manifest';
import { migrateReadModels } from '#read-models';
import { migrateVault } from '#vault';
import { makeRoles, raiseWalls } from '#walls';
import { acting } from './acting.ts';
import { applyManifest } from './apply-manifest.ts';
import { cliConfig } from './cli.config.ts';
import type { CliCommand, Report } from './cli-command.ts';
import { AUDIT_COMMANDS } from './audit-commands.ts';
import { KEY_COMMANDS } from './key-commands.ts';
import { LOGIN_COMMANDS } from './login-commands.ts';
import { PEOPLE_COMMANDS } from './people-commands.ts';
import { NOTIFY_COMMANDS } from './notify-commands.ts';
import { readManifest } from './read-manifest.ts';
import { listSecrets, SECRET_COMMANDS } from './secret-commands.ts';
import { VAULT_COMMANDS } from './vault-commands.ts';
import { warnOfUnstored } from './warn-of-unstored.ts';

const withLog = async <T>(env: NodeJS.ProcessEnv | undefined, work: (log: EventLog, database: Database) => Promise<T>): Promise<T> => {
  const { databaseUrl } = loadConfig(cliConfig, env);
  const database = openDatabase({ url: databaseUrl, applicationName: 'trunkline-cli', role: 'trunkline_operator', max: 1 });
  const log = openEventLog(database);
  try {
    return await work(log, database);
  } finally {
    log.close();
    await database.close();
  }
};

const warningLines = (warnings: string[]): string[] => warnings.map((warning) => `Warning: ${warning}`);
const changeLines = (changes: ManifestChange[]): string[] => changes.map((change) => `  ${changeText(change)}`);
const count = (many: number, what: string): string => `${many} ${what}${many === 1 ? '' : 's'}`;

const runMigrate = async (env?: NodeJS.ProcessEnv): Promise<Report> => {
  const { databaseUrl } = loadConfig(cliConfig, env);
  await makeRoles(databaseUrl);
  const applied = [...(await migrate(databaseUrl)), ...(await migrateReadModels(databaseUrl)), ...(await migrateVault(databaseUrl))];
  await raiseWalls(databaseUrl);
  const lines = applied.length === 0 ? ['The database is up to date.'] : ['Migrated:', ...applied.map((name) => `  ${name}`)];
  return { lines, data: { applied } };
};

const runCheck = async (file: string): Promise<Report> => {
  const { manifest, warnings } = await readManifest(file);
  const sizes = { integrations: manifest.integrations.length, routes: manifest.routes.length };
  return {
    lines: [`${file} is good: ${count(sizes.integrations, 'integration')}, ${count(sizes.routes, 'route')}.`, ...warningLines(warnings)],
    data: { ...sizes, warnings },
  };
};

const runApply = async (file: string, env?: NodeJS.ProcessEnv): Promise<Report> => {
  const { manifest, warnings: ofFile } = await readManifest(file);
  const warnings = [...ofFile, ...warnOfUnstored(manifest, await listSecrets(env))];
  const applied = await withLog(env, (log, database) =>
    applyManifest({ manifests: () => log.manifests(), append: applyAsAct(database, acting()), now: () => new Date() })(manifest));
  const lines = applied.changed
    ? [`Applied as version ${applied.version}:`, ...changeLines(applied.changes)]
    : [`Nothing to apply: version ${applied.version} already says this.`];
  return { lines: [...lines, ...warningLines(warnings)], data: { ...applied, warnings } };
};

const runDiff = async (file: string, env?: NodeJS.ProcessEnv): Promise<Report> => {
  const { manifest, warnings: ofFile } = await readManifest(file);
  const warnings = [...ofFile, ...warnOfUnstored(manifest, await listSecrets(env))];
  const inForce = (await withLog(env, (log) => log.manifests())).at(-1);
  const changes = diffManifests(inForce?.manifest, manifest);
  const against = inForce === undefined ? 'Nothing was ever applied; all of it is new:' : `Against version ${inForce.version}:`;
  const lines = inForce !== undefined && changes.length === 0 ? [`No difference to version ${inForce.version}.`] : [against, ...changeLines(changes)];
  return { lines: [...lines, ...warningLines(warnings)], data: { version: inForce?.version ?? null, changes, warnings } };
};

const runSchema = async (): Promise<Report> => ({ lines: [JSON.stringify(manifestSchema, null, 2)], data: manifestSchema });

/** Every command by name. */
export const COMMANDS: Readonly<Record<string, CliCommand>> = {
  migrate: { about: 'Brings the database at DATABASE_URL to this version.', run: (_none, env) => runMigrate(env) },
  check: { about: 'Says what is wrong with a manifest. Needs no database.', takes: 'file', run: (file) => runCheck(file) },
  diff: { about: 'Says what applying a manifest would change.', takes: 'file', run: runDiff },
  apply: { about: 'Puts a manifest in force.', takes: 'file', run: runApply },
  schema: { about: 'Prints the JSON Schema of manifests, for editors.', run: runSchema },
  ...KEY_COMMANDS,
  ...AUDIT_COMMANDS,
  ...PEOPLE_COMMANDS,
  ...SECRET_COMMANDS,
  ...LOGIN_COMMANDS,
  ...VAULT_COMMANDS,
  ...NOTIFY_COMMANDS,
};
