import type { RoleName } from '#event-log';

/** Whose the request is, as the console told Postgres: null, and so equal to nothing, where it did not. In a subquery, so that it is asked once. */
const TENANT = `(select current_setting('trunkline.tenant', true))`;
const ALL = `${TENANT} = '*'`;

/** The hub's own events belong to no tenant. */
const OWN = `tenant = ${TENANT} and partner <> 'trunkline'`;

/** `using` is what a role sees of a table. Rows that it writes must be among them, or meet `check`. Other roles see all of it. */
type Policy = { role: RoleName; using: string; check?: string };

/** Whose an account is, says the manifest in force. */
const OWN_ACCOUNT = `(partner, integration) in (select partner, integration from accounts_in_force where tenant = ${TENANT})`;

const ofAccount: readonly Policy[] = [{ role: 'trunkline_console', using: `${ALL} or ${OWN_ACCOUNT}` }];

/** Row-level security: what the console's role sees of each table whose rows belong to tenants, and which places in the log a reader may move. */
export const POLICIES: Readonly<Record<string, readonly Policy[]>> = {
  events: [{ role: 'trunkline_console', using: `${ALL} or (${OWN})` }],
  commands: [{ role: 'trunkline_console', using: `${ALL} or tenant = ${TENANT}` }],
  event_kinds: [{ role: 'trunkline_console', using: `${ALL} or (${OWN})` }],
  // The kinds that the role sees, by their own policies.
  event_feed: [{ role: 'trunkline_console', using: `${ALL} or kind in (select id from event_kinds)` }],
  delivery_kinds: [{ role: 'trunkline_console', using: `${ALL} or (${OWN})` }],
  deliveries: [{ role: 'trunkline_console', using: `${ALL} or kind in (select id from delivery_kinds)` }],
  integration_status: ofAccount,
  account_days: ofAccount,
  account_states: ofAccount,
  'people.subjects': [{ role: 'trunkline_console', using: `${ALL} or tenant = ${TENANT}` }],
  'people.suppressions': [{ role: 'trunkline_console', using: `${ALL} or tenant = ${TENANT}` }],
  subject_events: [{ role: 'trunkline_console', using: `${ALL} or subject in (select id from people.subjects)` }],
  api_keys: [{ role: 'trunkline_console', using: `${ALL} or tenant = ${TENANT}` }],
  reader_positions: [
    { role: 'trunkline_relay', using: `reader = 'relay'` },
    { role: 'trunkline_projector', using: `reader like 'projection:%'` },
    // It looks how far the others are before something goes.
    { role: 'trunkline_keeper', using: 'true', check: `reader = 'consent'` },
  ],
};
