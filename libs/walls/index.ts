export { makeRoles } from './make-roles.ts';
export { raiseWalls } from './raise-walls.ts';
export { GRANTS } from './grants.ts';
export { POLICIES } from './policies.ts';
export { loginOf, makeLogins, type Login } from './make-logins.ts';
export { natsConfig, natsPasswordVariable } from './nats-config.ts';
export { NATS_ACCOUNT, natsUsers, OBSERVER, OPERATOR, type NatsUser } from './nats-users.ts';
