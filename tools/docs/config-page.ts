import { readdir } from 'node:fs/promises';
import { manifestSchema } from '#manifest';
import { partners } from '#partners';
import type { ConfigSchema } from '#boot';
import { writeConfigPage } from './write-config-page.ts';

const APPS = new URL('../../apps/', import.meta.url);

const isSchema = (value: unknown): value is ConfigSchema => typeof value === 'object' && value !== null && 'name' in value && 'fields' in value;

/** Every room's settings, from `apps/<room>/<room>.config.ts`, by name. */
export const roomSchemas = async (): Promise<ConfigSchema[]> => {
  const files = (await readdir(APPS, { recursive: true })).filter((file) => /^[^/]+\/[^/]+\.config\.(ts|js)$/.test(file)).sort();
  const modules = await Promise.all(files.map((file) => import(new URL(file, APPS).href) as Promise<Record<string, unknown>>));
  return modules.flatMap((module) => Object.values(module).filter(isSchema));
};

/** docs/config.md as it should be. */
export const configPage = async (): Promise<string> =>
  writeConfigPage({ rooms: await roomSchemas(), manifestSchema, partners: Object.values(partners).sort((a, b) => a.name.localeCompare(b.name)) });
