export { freePort, choosePort } from './free-port.ts';
export { startPostgres, type PostgresOptions } from './start-postgres.ts';
export { startNats, type NatsOptions } from './start-nats.ts';
export { findNatsServer, type NatsServer, type NatsSource, NATS_SOURCES } from './find-nats-server.ts';
export { cacheFolder } from './cache-folder.ts';
export { stopAbandoned } from './folder-claim.ts';
export { identityOf, isAlive, type ProcessIdentity } from './process-identity.ts';
export type { RunningServer } from './spawn-server.ts';
