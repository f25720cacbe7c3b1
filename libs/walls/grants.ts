import type { RoleName } from '#event-log';

/** What a role may do with each table or view, in the words of Postgres' GRANT. What is not here, it may not. */
type Granted = Readonly<Record<string, string>>;

/** An append asks which segment is open, answers whether it was first, and looks for the original of what was not. It reads no bodies. */
const APPEND_ALONE: Granted = { event_ids: 'insert, select', segments: 'select', 'sequence events_position_seq': 'usage' };
const APPEND: Granted = { events: 'insert, select (tx, position, id)', ...APPEND_ALONE };
const READ_LOG: Granted = { events: 'select', segments: 'select' };
const MANIFEST: Granted = { applied_manifests: 'select' };
const KEYS: Granted = { api_keys: 'select, insert, update (revoked_at, last_used_at)' };
/** To fill in what the manifest refers to. */
const OPEN_SECRETS: Granted = { sealed_secrets: 'select (name, wrapped_key, sealed)' };
const READ_MODEL = 'select, insert, update, truncate';

/** To seal what names a person, who is found by a hash of what they are called, and made when they are new. Sharing a lock on a person needs a right to change some column. */
const SEAL_PEOPLE: Granted = {
  'people.subjects': 'select, insert, update (created_at)',
  'people.subject_identifiers': 'select, insert',
  'people.peppers': 'select, insert',
};
const OPEN_PEOPLE: Granted = { 'people.subjects': 'select' };
const ASK_SUPPRESSIONS: Granted = { 'people.peppers': 'select, insert', 'people.suppressions': 'select' };
/** To find, export and erase a person, and to keep the suppression list. */
const ANSWER_PEOPLE: Granted = {
  'people.subjects': 'select, update (key, erased_at), maintain',
  'people.subject_identifiers': 'select, delete, maintain',
  'people.peppers': 'select, insert',
  'people.suppressions': 'select, insert, update (state, since, source)',
  subject_events: 'select',
};

/** Who may do what: a line for each table that a room needs. A table that is not here at all fails a test. */
export const GRANTS: Readonly<Record<RoleName, Granted>> = {
  trunkline_ingest: { ...APPEND, ...MANIFEST, ...OPEN_SECRETS, ...SEAL_PEOPLE, webhook_minutes: 'select, insert, update, delete' },
  trunkline_scheduler: { ...APPEND, ...MANIFEST },
  trunkline_relay: { ...READ_LOG, reader_positions: 'select, insert, update' },
  // To know whether the log answers, one column is enough.
  trunkline_router: { events: 'select (id)', ...MANIFEST, ...OPEN_PEOPLE },
  trunkline_connector: {
    ...APPEND,
    ...MANIFEST,
    commands: 'select, insert, update (state, attempts, spent, taken_over, deadline, leased_by, lease_until, next_attempt_at, last_failure, updated_at)',
    account_states: 'select, insert, update, delete',
    ...OPEN_SECRETS,
    oauth_tokens: 'select, insert, update',
    ...OPEN_PEOPLE,
    ...ASK_SUPPRESSIONS,
  },
  trunkline_projector: {
    ...READ_LOG,
    reader_positions: 'select, insert, update',
    event_kinds: 'select, insert, truncate',
    event_feed: 'select, insert, truncate',
    event_minutes: 'select, insert, truncate',
    delivery_kinds: 'select, insert, truncate',
    deliveries: READ_MODEL,
    integration_status: READ_MODEL,
    account_days: READ_MODEL,
    account_minutes: 'select, insert, update, delete, truncate',
    subject_events: 'select, insert, truncate',
  },
  trunkline_console: {
    ...APPEND_ALONE,
    events: 'select, insert',
    ...MANIFEST,
    accounts_in_force: 'select',
    reader_positions: 'select',
    commands: 'select, update (state, redrives, spent, next_attempt_at, taken_over, updated_at)',
    event_kinds: 'select',
    event_feed: 'select',
    event_minutes: 'select',
    delivery_kinds: 'select',
    deliveries: 'select',
    integration_status: 'select',
    account_days: 'select',
    account_states: 'select',
    ...KEYS,
    sealed_secrets: 'select, insert, update, delete',
    ...ANSWER_PEOPLE,
  },
  // It looks at what is old, and lets go of it by functions of the owner.
  trunkline_keeper: {
    ...APPEND_ALONE,
    events: 'select, insert',
    ...MANIFEST,
    segments: 'select, update (held_by, held_since)',
    reader_positions: 'select, insert, update',
    event_feed: 'select, delete',
    event_minutes: 'select, delete',
    deliveries: 'select, delete',
    subject_events: 'select, delete',
    ...OPEN_PEOPLE,
    ...ASK_SUPPRESSIONS,
    'people.suppressions': 'select, insert, update (state, since, source)',
  },
  trunkline_notifier: {
    ...MANIFEST,
    // How far readers are behind is a matter of places and times.
    events: 'select (tx, position, segment, recorded_at)',
    segments: 'select',
    reader_positions: 'select',
    account_states: 'select',
    account_minutes: 'select',
    account_days: 'select',
    webhook_minutes: 'select',
    integration_status: 'select',
    notices: 'select, insert, update',
  },
  trunkline_operator: {
    ...APPEND_ALONE,
    events: 'select, insert',
    ...MANIFEST,
    ...KEYS,
    ...ANSWER_PEOPLE,
    // Keys that are sealed anew under another master key.
    sealed_secrets: 'select, insert, update, delete',
    oauth_tokens: 'select, update',
    'people.subject_keys': 'select, update (key)',
    'people.peppers': 'select, insert, update (sealed)',
  },
};

/** Roles that may name the transaction which holds readers back, or see whether anybody still sees what was erased. Where the owner may not grant it, health says less. */
export const SEE_STATISTICS: readonly RoleName[] = ['trunkline_projector', 'trunkline_console', 'trunkline_operator'];

/** Functions that run as the owner, by their names, and who may call them. Nobody else may, and one that is not here fails a test. */
export const OWNERS_FUNCTIONS: Readonly<Record<string, RoleName>> = {
  event_behind: 'trunkline_connector',
  open_segment: 'trunkline_keeper',
  segment_hindrance: 'trunkline_keeper',
  drop_segment: 'trunkline_keeper',
  sweep_ledger: 'trunkline_keeper',
  note_swept: 'trunkline_keeper',
  forgettable_segments: 'trunkline_keeper',
  forget_ids: 'trunkline_keeper',
  note_forgotten: 'trunkline_keeper',
};
