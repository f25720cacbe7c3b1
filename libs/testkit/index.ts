export { freshDatabase, type FreshDatabase } from './fresh-database.ts';
export { startTestNats, type TestNats } from './test-nats.ts';
export { startTestPostgres, type TestPostgres } from './test-postgres.ts';
export { fakeClock, type FakeClock } from './fake-clock.ts';
export { TEST_MASTER_KEYS } from './master-keys.ts';
export { waitFor } from './wait-for.ts';
export { scratchFolder } from './scratch-folder.ts';
export { openListener, type Heard, type Listener } from './test-listener.ts';
export { openMailbox, type Mail, type Mailbox } from './test-mailbox.ts';
