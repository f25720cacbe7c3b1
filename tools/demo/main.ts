// `npm run demo`: plays the main job on a hub of its own, and counts what became of it at the partners.
import { askedToStop } from '#boot';
import { isHubError } from '#contract';
import { readOptions, type DemoOptions } from './read-options.ts';
import { runDemo } from './run-demo.ts';

/** Writes are asynchronous on pipes: leave when they are through. */
const leave = (code: number): void => {
  process.exitCode = code;
  process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
};

const play = async (options: DemoOptions): Promise<number> => {
  const { signal, stop } = askedToStop();
  void signal.then((name) => process.stderr.write(`\n${name}: stopping, and removing what was made (again to leave at once) …\n`));
  try {
    const result = await runDemo(options, process.env, process.stdout, stop);
    if (options.json) process.stdout.write(`${JSON.stringify(result)}\n`);
    return result.ok ? 0 : 1;
  } catch (error) {
    if (stop.aborted) return 130;
    process.stderr.write(`\n${isHubError(error) ? error.message : ((error as Error).stack ?? String(error))}\n`);
    return 1;
  }
};

const options = readOptions(process.argv.slice(2));
if ('text' in options) {
  process[options.wrong ? 'stderr' : 'stdout'].write(`${options.text}\n`);
  leave(options.wrong ? 2 : 0);
} else {
  leave(await play(options));
}
