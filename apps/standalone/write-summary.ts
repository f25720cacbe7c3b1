import type { Running } from './running-file.ts';

export type Summary = {
  running: Running;
  postgres: string;
  nats: string;
  manifest: string;
  /** The first key of this hub, when it was made just now. */
  key: string | undefined;
  curl: string | undefined;
  tookMs: number;
  /** Ports that are not the usual ones, and why. */
  moved: string[];
};

const invitation = (curl: string): string[] => [
  'Try it: Stripe says that an invoice was paid, and Slack and Airtable get to know. The signature is good for 5 minutes:',
  '',
  curl,
  '',
  'A fresh one, any time: npm run --silent webhook (or npm run --silent webhook | sh)',
];

/** A key is shown once. */
const keyLines = (key: string | undefined): string[] =>
  key === undefined
    ? ['  key        you have one ($TRUNKLINE_KEY); another: npm run --silent trunkline -- keys create --name <name> --scope admin']
    : [`  key        ${key}`, '             may do everything at the console, and is shown only now. Keep it: export TRUNKLINE_KEY=<key>'];

/** Where everything is, within one screen. */
export const writeSummary = ({ running, postgres, nats, manifest, key, curl, tookMs, moved }: Summary): string =>
  [
    '',
    `Trunkline is ready, ${(tookMs / 1000).toFixed(1)} s after the start.`,
    '',
    `  webhooks   ${running.ingestUrl}/webhooks/<partner>/<integration>`,
    `  console    ${running.consoleUrl}/v1/events, its reference at ${running.consoleUrl}/docs`,
    `  sandbox    ${running.sandboxUrl} plays the partners; what they got: ${running.sandboxUrl}/_sandbox/record?ids=1`,
    `  Postgres   ${postgres}`,
    `  NATS       ${nats}; watch it: nats -s ${running.natsUrl} sub 'evt.>'`,
    `  manifest   ${manifest}`,
    ...keyLines(key),
    ...moved.map((line) => `  note       ${line}`),
    '',
    ...(curl ? invitation(curl) : ['The manifest has no Stripe account with a webhook secret, so there is no example to send.']),
    `What became of it: curl -H "authorization: Bearer $TRUNKLINE_KEY" ${running.consoleUrl}/v1/timelines/<correlationId of the answer>`,
    '',
    'Ctrl-C finishes what is in hand and stops everything; the data stays.',
    '',
  ].join('\n');
