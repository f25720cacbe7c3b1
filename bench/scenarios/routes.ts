import type { HubEvent, Manifest, RouteSpec } from '#contract';
import { buildRouteTable, matchRoutes } from '#routing';
import { fullOrQuick, type Bench, type Scenario } from '../bench.ts';
import { atMost, spread, type Figure, type Spread } from '../figures.ts';
import { makeEvents } from '../make-events.ts';
import { alternate } from '../rounds.ts';

const SIZES = [10, 1_000, 10_000] as const;
/** Linear growth would be 1,000. */
const MOST_GROWTH = 3;

const to: RouteSpec['to'] = [{ name: 'tell', do: 'slack.ops.post-message', lane: 'normal', deadlineMs: 3_600_000 }];

/** Routes over a hundred accounts of ten partners, each about its own kind of event, with a filter; two more are for every account. */
const makeRoutes = (count: number): Pick<Manifest, 'routes'> => ({
  routes: [
    { name: 'anyone-refunded', on: '*.*.inbound.invoice.refunded', to },
    { name: 'anyone-left', on: '*.*.integration.>', to },
    ...Array.from({ length: count - 2 }, (_, i): RouteSpec => ({
      name: `route-${i}`,
      on: i === 0 ? 'stripe.acme.inbound.invoice.paid' : `p${i % 10}.account${i % 100}.inbound.thing${Math.trunc(i / 100)}.happened`,
      when: { body: { data: { object: { amount_paid: { $gt: 100 } } } } },
      to,
    })),
  ],
});

const asHubEvent = (type: string): HubEvent => {
  const [event] = makeEvents('routes', 1);
  return { ...event!, type, recordedAt: event!.occurredAt, at: { tx: 1n, position: 1n } };
};

const measure = (event: HubEvent, expected: number, repeats: number) => (size: number): (() => Promise<number>) => {
  const table = buildRouteTable(makeRoutes(size));
  return async () => {
    let matched = 0;
    const began = performance.now();
    for (let i = 0; i < repeats; i++) matched += matchRoutes(table, event).length;
    const us = ((performance.now() - began) * 1_000) / repeats;
    if (matched !== expected * repeats) throw new Error(`Each event was to match ${expected} routes, and ${matched / repeats} did.`);
    return us;
  };
};

const compare = async (bench: Bench, name: string, contender: (size: number) => () => Promise<number>): Promise<Figure[]> => {
  const contenders = Object.fromEntries(SIZES.map((size) => [`${size} routes`, contender(size)]));
  for (const warm of Object.values(contenders)) await warm();
  const results = await alternate<string, number>(fullOrQuick(bench, 9, 3), contenders, () => undefined);
  bench.say(`${name}: ${Object.entries(results).map(([size, us]) => `${size} ${spread(us).median.toFixed(2)} µs`).join(', ')}`);
  const [few, ...more] = SIZES.map((size) => ({ size, us: spread(results[`${size} routes`]!) })) as [{ size: number; us: Spread }, ...{ size: number; us: Spread }[]];
  return more.map(({ size, us }) => atMost(MOST_GROWTH, { name: `${name}, ${size.toLocaleString('en-US')} routes`, unit: 'µs', ours: us, against: { ...few.us, name: `${few.size} routes` } }));
};

const run = async (bench: Bench): Promise<Figure[]> => {
  const repeats = fullOrQuick(bench, 200_000, 50_000);
  return [
    ...(await compare(bench, 'an event that no route is about', measure(asHubEvent('inbound.invoice.created'), 0, repeats))),
    ...(await compare(bench, 'an event that one route takes by its body', measure(asHubEvent('inbound.invoice.paid'), 1, repeats))),
  ];
};

export const routes: Scenario = { name: 'routes', about: 'matching one event against all routes', run };
