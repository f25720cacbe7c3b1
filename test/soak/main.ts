// `npm run soak`: a steady load for a while, to see that nothing is lost or doubled and that no room needs more and more memory.
import { askedToStop } from '#boot';
import { isHubError } from '#contract';
import { readOptions, type SoakOptions } from './read-options.ts';
import { runSoak } from './run-soak.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const play = async (options: SoakOptions): Promise<number> => {
  const { signal, stop } = askedToStop();
  void signal.then((name) => say(`\n${name}: stopping everything (again to leave at once) …`));
  try {
    const result = await runSoak({ options, env: process.env, say, stop });
    if (options.json) say(JSON.stringify(result));
    return result.ok ? 0 : 1;
  } catch (error) {
    if (stop.aborted) return 130;
    process.stderr.write(`\n${isHubError(error) ? error.message : ((error as Error).stack ?? String(error))}\n`);
    return 1;
  }
};

/** Writes are asynchronous on pipes: leave when they are through. */
const leave = (code: number): void => {
  process.exitCode = code;
  process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
};

const options = readOptions(process.argv.slice(2));
if ('text' in options) {
  process[options.wrong ? 'stderr' : 'stdout'].write(`${options.text}\n`);
  leave(options.wrong ? 2 : 0);
} else {
  leave(await play(options));
}
