import { actingPartners } from '#partners';
import { natsConfig, natsUsers } from '#walls';

const passwordOf = (user: string): string => `password-of-${user}`;

const users = natsUsers(actingPartners);

/** For a nats-server's configuration: each room has a user of its own, and nobody else comes in. */
export const NATS_ACCESS = natsConfig(users, (user) => JSON.stringify(passwordOf(user)));

/** Where a room, or a connector by `connector-<partner>`, finds that server. One without users takes no notice. */
export const natsUrlOf = (url: string, room: string): string =>
  users.some(({ name }) => name === room) ? url.replace('://', `://${room}:${passwordOf(room)}@`) : url;
