export const KINDS = ['stripe', 'slack', 'generic'] as const;
export type Kind = (typeof KINDS)[number];

/** One webhook that a partner sends, once or twice. A forged one carries a signature that is not its own. */
export type Webhook = { n: number; kind: Kind; forged: boolean };

/** One time that a webhook is sent; `attempt` is 2 for the twin. */
export type Delivery = { webhook: Webhook; attempt: 1 | 2 };

export type Plan = { webhooks: Webhook[]; deliveries: Delivery[] };

const FORGED_SHARE = 0.05;
const TWINS_SHARE = 0.2;

/** The most deliveries between a webhook and its twin: near enough for some to be in hand at the same time. */
const TWIN_WITHIN = 40;

const shuffled = <T>(items: readonly T[], random: () => number): T[] => {
  const order = [...items];
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    [order[last], order[other]] = [order[other]!, order[last]!];
  }
  return order;
};

/**
 * Plans so many webhooks of the three kinds in turn: 5 % of them forged, 20 % of them (never a forged one) delivered twice.
 * The same random numbers give the same plan.
 */
export const planTraffic = (count: number, random: () => number): Plan => {
  const order = shuffled([...Array(count).keys()], random);
  const forged = new Set(order.slice(0, Math.round(count * FORGED_SHARE)));
  const twins = new Set(order.slice(forged.size, forged.size + Math.round(count * TWINS_SHARE)));
  const webhooks = [...Array(count).keys()].map((n): Webhook => ({ n, kind: KINDS[n % KINDS.length]!, forged: forged.has(n) }));
  const placed = webhooks.map((webhook): [number, Delivery] => [webhook.n, { webhook, attempt: 1 }]);
  const again = webhooks.filter(({ n }) => twins.has(n)).map((webhook): [number, Delivery] => [webhook.n + random() * TWIN_WITHIN, { webhook, attempt: 2 }]);
  const deliveries = [...placed, ...again].sort(([one], [other]) => one - other).map(([, delivery]) => delivery);
  return { webhooks, deliveries };
};
