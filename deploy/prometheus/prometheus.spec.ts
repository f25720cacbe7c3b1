import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { roomSchemas } from '../../tools/docs/config-page.ts';

type Service = { image?: string; command?: string[]; profiles?: string[]; restart?: string };
type Scrape = { job_name: string; static_configs: { targets: string[] }[] };

const ROOT = new URL('../../', import.meta.url);
const read = (file: string): unknown => parse(readFileSync(new URL(file, ROOT), 'utf8'), { merge: true });
const { services } = read('docker-compose.yml') as { services: Record<string, Service> };
const { scrape_configs: jobs } = read('deploy/prometheus/prometheus.yml') as { scrape_configs: Scrape[] };

const roomOf = ({ command = [] }: Service): string => /^dist\/apps\/([^/]+)\/main\.js$/.exec(command[1] ?? '')?.[1] ?? '';

it('scrapes every room of the compose file on the port that it answers on', async () => {
  const ports = new Map((await roomSchemas()).map(({ name, fields }) => [name, (fields['healthPort'] ?? fields['port'])?.default]));
  const wanted = Object.entries(services)
    .filter(([, service]) => service.image === 'trunkline' && !['cli', 'sandbox', ''].includes(roomOf(service)))
    .map(([name, service]) => `${roomOf(service)} ${name}:${ports.get(roomOf(service))}`);
  const scraped = jobs.flatMap(({ job_name: job, static_configs: groups }) => groups.flatMap(({ targets }) => targets.map((target) => `${job} ${target}`)));
  expect(scraped.sort()).toEqual(wanted.sort());
});
