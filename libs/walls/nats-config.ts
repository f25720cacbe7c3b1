import { NATS_ACCOUNT, type NatsUser } from './nats-users.ts';

const list = (subjects: readonly string[]): string => `[\n${subjects.map((subject) => `          "${subject}"`).join('\n')}\n        ]`;

const userText = ({ name, publish, subscribe }: NatsUser, password: string): string => `    { user: "${name}", password: ${password}
      permissions: {
        publish: ${list(publish)}
        subscribe: ${list(subscribe)}
      }
    }`;

/** The variable that a user's password comes from: `NATS_PASSWORD_CONNECTOR_SLACK`. */
export const natsPasswordVariable = (name: string): string => `NATS_PASSWORD_${name.toUpperCase().replaceAll('-', '_')}`;

/**
 * The part of nats-server's configuration that lets these users in and nobody else, for 2.9 and newer. `passwordOf` gives a quoted text, or
 * `$NAME` for a variable of the server's environment. Whoever is not named may publish and hear nothing.
 */
export const natsConfig = (users: readonly NatsUser[], passwordOf: (name: string) => string): string =>
  `# A machine that is busy may take its time to say who it is.\nauthorization { timeout: 10 }\naccounts {\n  ${NATS_ACCOUNT}: { jetstream: enabled, users: [\n${users.map((user) => userText(user, passwordOf(user.name))).join('\n')}\n  ] }\n}\n`;
