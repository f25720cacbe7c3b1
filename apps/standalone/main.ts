import { isHubError } from '#contract';
import { runStandalone } from './run-standalone.ts';

const stopped = (error: unknown): boolean => error instanceof Error && error.message.startsWith('asked to stop by');

try {
  await runStandalone(process.env, process.stdout);
  process.exit(0);
} catch (error) {
  if (stopped(error)) process.exit(0);
  process.stderr.write(`\n${isHubError(error) ? error.message : ((error as Error).stack ?? String(error))}\n`);
  process.exit(1);
}
