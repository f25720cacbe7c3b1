import { parseArgs } from 'node:util';

export type SoakOptions = { minutes: number; perSecond: number; everyS: number; json: boolean };

export const USAGE = [
  'npm run soak [-- --minutes 10] [--per-second 100] [--every 10] [--json]',
  '',
  'Runs every room as a process of its own under a steady load, and fails when',
  'anything was lost or doubled, or when a room needs more and more memory.',
  '',
  '  --minutes N      how long, up to 1440; 0.5 is half a minute',
  '  --per-second N   webhooks per second, up to 1000',
  '  --every N        seconds between two samples',
  '  --json           the result as one JSON object on the last line',
].join('\n');

/** Fewer samples than these have no quarters worth comparing. */
const FEWEST_SAMPLES = 8;

const numberIn = (text: string, least: number, most: number): number | undefined => {
  const value = Number(text);
  return /^\d+(\.\d+)?$/.test(text) && value >= least && value <= most ? value : undefined;
};

const check = (values: { minutes: string; 'per-second': string; every: string; json: boolean }): SoakOptions | string => {
  const [minutes, perSecond, everyS] = [numberIn(values.minutes, 0.1, 1_440), numberIn(values['per-second'], 1, 1_000), numberIn(values.every, 1, 600)];
  if (minutes === undefined) return '--minutes must be a number from 0.1 to 1440.';
  if (perSecond === undefined) return '--per-second must be a number from 1 to 1000.';
  if (everyS === undefined) return '--every must be a number from 1 to 600.';
  if ((minutes * 60) / everyS < FEWEST_SAMPLES) return `That makes fewer than ${FEWEST_SAMPLES} samples, too few to tell whether memory stays flat.`;
  return { minutes, perSecond, everyS, json: values.json };
};

/** Reads the command line. Answers a text for the person who asked instead when there is nothing to run: `wrong` tells whether that is an error. */
export const readOptions = (args: string[]): SoakOptions | { text: string; wrong: boolean } => {
  try {
    const { values } = parseArgs({
      args,
      options: {
        minutes: { type: 'string', default: '10' },
        'per-second': { type: 'string', default: '100' },
        every: { type: 'string', default: '10' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values.help) return { text: USAGE, wrong: false };
    const options = check(values);
    return typeof options === 'string' ? { text: `${options}\n\n${USAGE}`, wrong: true } : options;
  } catch (error) {
    return { text: `${(error as Error).message}\n\n${USAGE}`, wrong: true };
  }
};
