// `npm run docs` writes what is generated, in docs/ and deploy/; with `--check` it only tells whether that is up to date.
import { readFile, writeFile } from 'node:fs/promises';
import { manifestSchema } from '#manifest';
import { configPage } from './config-page.ts';
import { dashboard } from './dashboard.ts';
import { metricsPage } from './metrics-page.ts';
import { composeNatsConfig } from './nats-config.ts';

const pages: Record<string, string> = {
  'docs/config.md': await configPage(),
  'docs/metrics.md': metricsPage(),
  'deploy/grafana/trunkline.json': dashboard(),
  'deploy/nats.conf': composeNatsConfig(),
  'docs/trunkline.schema.json': `${JSON.stringify(manifestSchema, null, 2)}\n`,
};

let stale = 0;
for (const [file, text] of Object.entries(pages)) {
  if ((await readFile(file, 'utf8').catch(() => '')) === text) continue;
  stale += 1;
  if (!process.argv.includes('--check')) await writeFile(file, text);
  console.log(process.argv.includes('--check') ? `${file} is not what it is made of. Run: npm run docs` : `${file} was written`);
}
if (stale === 0) console.log('What is generated is up to date.');
process.exitCode = stale > 0 && process.argv.includes('--check') ? 1 : 0;
