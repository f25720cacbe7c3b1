import { parseArgs } from 'node:util';

export type DemoOptions = { webhooks: number; seed: number; json: boolean };

export const USAGE = [
  'npm run demo [-- --webhooks 500] [--seed 1] [--json]',
  '',
  '  --webhooks N   how many different webhooks to send, from 1 to 20000',
  '  --seed N       another order, and other calls that fail',
  '  --json         the result as one JSON object on the last line',
].join('\n');

/** Beyond this the sandbox no longer lists every effect one by one. */
const MOST_WEBHOOKS = 20_000;

const wholeNumber = (text: string, least: number, most: number): number | undefined => (/^\d{1,9}$/.test(text) && Number(text) >= least && Number(text) <= most ? Number(text) : undefined);

/** Reads the command line. Answers a text for the person who asked instead when there is nothing to play: `wrong` tells whether that is an error. */
export const readOptions = (args: string[]): DemoOptions | { text: string; wrong: boolean } => {
  try {
    const { values } = parseArgs({
      args,
      options: { webhooks: { type: 'string', default: '500' }, seed: { type: 'string', default: '1' }, json: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h' } },
    });
    if (values.help) return { text: USAGE, wrong: false };
    const [webhooks, seed] = [wholeNumber(values.webhooks, 1, MOST_WEBHOOKS), wholeNumber(values.seed, 0, 999_999_999)];
    if (webhooks === undefined) return { text: `--webhooks must be a whole number from 1 to ${MOST_WEBHOOKS}.\n\n${USAGE}`, wrong: true };
    if (seed === undefined) return { text: `--seed must be a whole number.\n\n${USAGE}`, wrong: true };
    return { webhooks, seed, json: values.json };
  } catch (error) {
    return { text: `${(error as Error).message}\n\n${USAGE}`, wrong: true };
  }
};
