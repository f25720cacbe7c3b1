import { ROUTER_CONSUMER, STREAMS } from '#contract';

/** A user of the hub's account in NATS: the subjects that it may publish to, besides listening for its answers, and those that it may listen to. */
export type NatsUser = { name: string; publish: readonly string[]; subscribe: readonly string[] };

/** The account that holds the hub's streams. */
export const NATS_ACCOUNT = 'TRUNKLINE';

/** Who watches and changes nothing. */
export const OBSERVER = 'observer';

/** Who may do everything in the account: for a person who mends something, and for no room. */
export const OPERATOR = 'operator';

/** To find, make, change and remove a consumer. */
const keep = (stream: string, durable: string): string[] => [
  `$JS.API.CONSUMER.INFO.${stream}.${durable}`,
  // Its name, then its filter; the older request has no filter in its subject.
  `$JS.API.CONSUMER.CREATE.${stream}.${durable}`,
  `$JS.API.CONSUMER.CREATE.${stream}.${durable}.>`,
  `$JS.API.CONSUMER.DURABLE.CREATE.${stream}.${durable}`,
  `$JS.API.CONSUMER.DELETE.${stream}.${durable}`,
];

/** All that a consumer of one stream needs: besides, to ask for messages, and to settle them (by older and newer servers' subjects). */
const consume = (stream: string, durable: string): string[] => [
  ...keep(stream, durable),
  `$JS.API.CONSUMER.MSG.NEXT.${stream}.${durable}`,
  `$JS.ACK.${stream}.${durable}.>`,
  `$JS.ACK.*.*.${stream}.${durable}.>`,
];

/** How deep the queues are, and how long their oldest command waits: to know that, one has to look at it. */
const ages = (partners: readonly string[]): string[] =>
  partners.map(STREAMS.commandsOf).flatMap((queue) => [`$JS.API.STREAM.INFO.${queue}`, `$JS.API.STREAM.MSG.GET.${queue}`]);

/**
 * The relay fills `EVENTS`, makes the streams (and names one that is in their way), sets the router's consumer back when the server lost what that had seen, and tells how long the
 * oldest command waits.
 */
const relay = (partners: readonly string[]): string[] => [
  'evt.>',
  `$JS.API.STREAM.INFO.${STREAMS.events}`,
  '$JS.API.STREAM.NAMES',
  ...[STREAMS.events, ...partners.map(STREAMS.commandsOf)].map((stream) => `$JS.API.STREAM.CREATE.${stream}`),
  ...ages(partners),
  ...keep(STREAMS.events, ROUTER_CONSUMER),
  '$JS.API.STREAM.INFO.COMMANDS',
  '$JS.API.STREAM.DELETE.COMMANDS',
];

const LOOK = ['$JS.API.INFO', '$JS.API.STREAM.NAMES', '$JS.API.STREAM.LIST', '$JS.API.STREAM.INFO.*', '$JS.API.CONSUMER.NAMES.*', '$JS.API.CONSUMER.LIST.*', '$JS.API.CONSUMER.INFO.*.*'];

const answers = (name: string): string => `_INBOX.${name}.>`;

const room = (name: string, publish: readonly string[]): NatsUser => ({ name, publish, subscribe: [answers(name)] });

/** The user of a room: the room's name, and for a connector its partner's. Rooms that are not here do not speak NATS. */
export const natsUsers = (partners: readonly string[]): readonly NatsUser[] => [
  room('relay', relay(partners)),
  room('router', [...partners.map((partner) => `cmd.${partner}.>`), ...consume(STREAMS.events, ROUTER_CONSUMER)]),
  // Its partner's stream is its own, with whatever consumers it makes there.
  ...partners.map((partner) => room(`connector-${partner}`, [...consume(STREAMS.commandsOf(partner), '*'), `$JS.API.STREAM.MSG.GET.${STREAMS.commandsOf(partner)}`])),
  // What is queued holds back what it came from; people are told when it waits for long.
  room('keeper', ages(partners)),
  room('notifier', [...ages(partners), `$JS.API.CONSUMER.INFO.${STREAMS.events}.${ROUTER_CONSUMER}`]),
  { name: OBSERVER, publish: LOOK, subscribe: ['evt.>', 'cmd.>', answers(OBSERVER)] },
  { name: OPERATOR, publish: ['>'], subscribe: ['>'] },
];
