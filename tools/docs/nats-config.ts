import { actingPartners } from '#partners';
import { natsConfig, natsPasswordVariable, natsUsers } from '#walls';

/** deploy/nats.conf as it should be. */
export const composeNatsConfig = (): string => `# nats-server for docker-compose. One node: the log in Postgres is the truth, and JetStream may be lost without losing anything.
# Written by \`npm run docs\`: who may do what is in libs/walls/nats-users.ts. Passwords come from the server's environment.
server_name: trunkline
listen: 0.0.0.0:4222
# A webhook is at most 1 MiB; headers and mapping need some room.
max_payload: 2MB
jetstream { store_dir: /data, max_memory_store: 256MB }
# With TLS (docs/access.md): tls { cert_file: /etc/nats/tls/server.crt, key_file: /etc/nats/tls/server.key, ca_file: /etc/nats/tls/ca.crt, verify: true }

${natsConfig(natsUsers(actingPartners), (name) => `$${natsPasswordVariable(name)}`)}`;
