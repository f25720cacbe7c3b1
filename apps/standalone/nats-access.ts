import { randomBytes } from 'node:crypto';
import { actingPartners } from '#partners';
import { natsConfig, natsUsers } from '#walls';

/** The users of the embedded nats-server, with passwords that are good until it is stopped for good. */
export type NatsAccess = {
  /** For the server's configuration file. */
  config: string;
  /** The server's address for one of its users; without one for who is none. */
  urlFor(url: string, user: string): string;
};

/** Draws a password for each room that speaks NATS, and for whoever watches. */
export const drawNatsAccess = (): NatsAccess => {
  const users = natsUsers(actingPartners);
  const passwords = new Map(users.map(({ name }) => [name, randomBytes(18).toString('base64url')]));
  return {
    config: natsConfig(users, (name) => JSON.stringify(passwords.get(name))),
    urlFor: (url, user) => {
      const password = passwords.get(user);
      return password === undefined ? url : url.replace('://', `://${user}:${password}@`);
    },
  };
};
