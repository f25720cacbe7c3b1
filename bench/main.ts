import { chmod, mkdtemp, mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { baselineVersions } from './baselines.ts';
import type { Bench, Scenario } from './bench.ts';
import { describeMachine, type Machine } from './machine.ts';
import { keepResult, ourVersions } from './results.ts';
import { endToEnd } from './scenarios/end-to-end.ts';
import { ingest } from './scenarios/ingest.ts';
import { log } from './scenarios/log.ts';
import { memory } from './scenarios/memory.ts';
import { pressure } from './scenarios/pressure.ts';
import { routes } from './scenarios/routes.ts';
import { telemetry } from './scenarios/telemetry.ts';
import { tableOf } from './table.ts';

const SCENARIOS: Scenario[] = [ingest, endToEnd, pressure, log, routes, telemetry, memory];

const USAGE = `npm run bench [-- --only ${SCENARIOS.map(({ name }) => name).join(',')}] [--quick] [--profile <folder>]`;

/** On a disk, where /tmp may be memory. */
const DISK = '/var/tmp';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const leave = (line: string): never => {
  say(line);
  process.exit(2);
};

const readOptions = (): { chosen: Scenario[]; quick: boolean; profiles?: string } => {
  const { values } = parseArgs({ options: { only: { type: 'string' }, quick: { type: 'boolean', default: false }, profile: { type: 'string' }, help: { type: 'boolean' } } });
  if (values.help) leave(USAGE);
  const names = values.only?.split(',');
  const unknown = names?.filter((name) => !SCENARIOS.some((scenario) => scenario.name === name)) ?? [];
  if (unknown.length > 0) leave(`There is no scenario "${unknown.join(', ')}". ${USAGE}`);
  return { chosen: SCENARIOS.filter(({ name }) => names?.includes(name) ?? true), quick: values.quick, profiles: values.profile && resolve(values.profile) };
};

const { chosen, quick, profiles } = readOptions();
const folder = await mkdtemp(join(DISK, 'trunkline-bench-'));
await chmod(folder, 0o755);
if (profiles !== undefined) await mkdir(profiles, { recursive: true });
let started = new AsyncDisposableStack();
let broken = false;

const breakOff = async (): Promise<void> => {
  if (broken) process.exit(130);
  broken = true;
  say('stopping …');
  await started.disposeAsync();
  await rm(folder, { recursive: true, force: true });
  process.exit(130);
};
process.on('SIGINT', () => void breakOff());
process.on('SIGTERM', () => void breakOff());

const runOne = async (scenario: Scenario, machine: Machine): Promise<string[]> => {
  const began = performance.now();
  started = new AsyncDisposableStack();
  const bench: Bench = { quick, folder, profiles, started, say: (line) => say(`${scenario.name.padEnd(7)} ${line}`) };
  try {
    const figures = await scenario.run(bench);
    const versions = { ...(await ourVersions()), ...(await baselineVersions()) };
    const file = await keepResult({ scenario: scenario.name, about: scenario.about, quick, date: new Date().toISOString(), machine, versions, figures });
    bench.say(`done in ${((performance.now() - began) / 1_000).toFixed(0)} s, kept in ${file}`);
    return tableOf(`${scenario.name}: ${scenario.about}`, figures);
  } finally {
    await started.disposeAsync();
  }
};

const tables: string[] = [];
const failed: string[] = [];
const machine = await describeMachine(folder);
for (const scenario of chosen) {
  try {
    tables.push(...(await runOne(scenario, machine)));
  } catch (error) {
    if (broken) break;
    say(`${scenario.name.padEnd(7)} failed: ${(error as Error).stack}`);
    failed.push(scenario.name);
  }
}
if (!broken) {
  await rm(folder, { recursive: true, force: true });
  say(`\n${machine.cpu}, ${machine.cores} cores, ${machine.memoryGB} GB, ${machine.system}, Node ${machine.node}, fsync ${machine.fsyncMs} ms, load before ${machine.loadBefore}`);
  if (quick) say('A quick run: it shows that everything works, not how fast it is.');
  for (const line of ['', ...tables]) say(line);
  if (failed.length > 0) say(`Failed: ${failed.join(', ')}`);
  process.exitCode = failed.length > 0 ? 1 : 0;
}
