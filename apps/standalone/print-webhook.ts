// `npm run --silent webhook`: prints a freshly signed curl for the hub that runs here.
import { resolve } from 'node:path';
import { loadConfig } from '#boot';
import { isHubError } from '#contract';
import { readManifest } from '../cli/read-manifest.ts';
import { drawId, exampleWebhook } from './example-webhook.ts';
import { readRunning } from './running-file.ts';
import { standaloneConfig } from './standalone.config.ts';

const print = async (env: NodeJS.ProcessEnv): Promise<number> => {
  const config = loadConfig(standaloneConfig, env);
  const { ingestUrl } = await readRunning(resolve(config.dataDir));
  const { manifest } = await readManifest(config.manifest);
  const curl = exampleWebhook(manifest, ingestUrl, { env, nowMs: Date.now(), id: drawId });
  process.stdout.write(curl ? `${curl}\n` : '');
  if (!curl) process.stderr.write('The manifest has no Stripe account with a webhook secret.\n');
  return curl ? 0 : 1;
};

process.exitCode = await print(process.env).catch((error: unknown) => {
  process.stderr.write(`${isHubError(error) ? error.message : String(error)}\n`);
  return 1;
});
