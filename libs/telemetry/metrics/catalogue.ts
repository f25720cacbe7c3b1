import { BUDGET_PERIODS, COMMAND_OUTCOMES, FAILURE_CLASSES, INGEST_OUTCOMES, LANES } from '#contract';
import type { Metric } from './metric.ts';

const oneOf = (words: readonly string[]): string => `one of ${words.join(', ')}`;

/** Every state that an account can be in; exactly one of them is 1. */
export const ACCOUNT_STATES = ['open', 'breaker-open', 'held', 'shut'] as const;
export type AccountState = (typeof ACCOUNT_STATES)[number];

/** How a request for an access token can end. */
export const TOKEN_OUTCOMES = ['refreshed', 'refused', 'failed'] as const;
export type TokenOutcome = (typeof TOKEN_OUTCOMES)[number];

const PARTNER = 'a partner of the registry';
const INTEGRATION = 'an integration of the applied manifest';
const ACTION = 'an action of the partner; `-` for a name that it does not have';
const CLASS = `ok, or ${oneOf(FAILURE_CLASSES)}`;
const account = { partner: PARTNER, integration: INTEGRATION };
const action = { ...account, action: ACTION };
const budget = { ...account, per: oneOf(BUDGET_PERIODS) };
const lane = { ...account, lane: oneOf(LANES) };
const inbound = { partner: `${PARTNER}; \`-\` when the URL names no integration that takes webhooks`, integration: `${INTEGRATION}; \`-\` likewise` };
const reader = { reader: 'relay, and one `projection:…` for each projection' };
const category = { category: 'inbound, command, other, operator, `before` for what was there before segments, or a category with a retention' };
const HELD_REASONS = 'one of reader, command, queue, busy, clock, error';
const operation = { operation: 'one of append, claim, settle' };

/** Why a span went out, or that it did not. */
const SPAN_FATES = ['sampled', 'repeated', 'failed', 'slow', 'joined', 'dropped'] as const;

const WRITE_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
const CALL_SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const WAIT_SECONDS = [0.001, 0.01, 0.1, 0.5, 1, 5, 15, 60, 300];
const BATCH = [1, 2, 5, 10, 25, 50, 100, 250, 500];

/** Every metric there is. docs/metrics.md and the dashboard are made of this list; alerts may name nothing else. */
export const METRICS = {
  ingestWebhooks: {
    kind: 'counter',
    name: 'trunkline_ingest_webhooks_total',
    unit: 'webhooks',
    about: 'Requests to a webhook URL, by what became of them.',
    labels: { ...inbound, outcome: `${oneOf(Object.keys(INGEST_OUTCOMES))}, method-not-allowed` },
  },
  ingestLastGood: {
    kind: 'gauge',
    name: 'trunkline_ingest_last_good_timestamp_seconds',
    unit: 'seconds',
    about: 'When an integration last sent a webhook that was accepted or already known, as a Unix time; absent until it does.',
    labels: account,
  },
  logReady: {
    kind: 'gauge',
    name: 'trunkline_log_ready',
    unit: 'flag',
    about: '1 when the last contact of this process with the event log went well, else 0.',
    labels: {},
  },
  logFailures: {
    kind: 'counter',
    name: 'trunkline_log_failures_total',
    unit: 'statements',
    about: 'Statements that the event log could not be asked, or did not answer.',
    labels: {},
  },
  logBatchDuration: {
    kind: 'histogram',
    name: 'trunkline_log_batch_duration_seconds',
    unit: 'seconds',
    about: 'How long one write took, commit included; a caller waits for one of them, at most two.',
    labels: operation,
    buckets: WRITE_SECONDS,
  },
  logBatchItems: {
    kind: 'histogram',
    name: 'trunkline_log_batch_items',
    unit: 'items',
    about: 'How many callers shared one write.',
    labels: operation,
    buckets: BATCH,
  },
  relayEvents: {
    kind: 'counter',
    name: 'trunkline_relay_events_total',
    unit: 'events',
    about: 'Events that JetStream confirmed, those that it had already included.',
    labels: {},
  },
  relayRewinds: {
    kind: 'counter',
    name: 'trunkline_relay_rewinds_total',
    unit: 'rewinds',
    about: 'Times that the relay went back in the log, because JetStream was not as it had filled it.',
    labels: { loss: 'one of lost, restarted' },
  },
  readerLagEvents: {
    kind: 'gauge',
    name: 'trunkline_reader_lag_events',
    unit: 'events',
    about: 'Events on the log that a reader has not taken; counting stops at 10,001.',
    labels: reader,
  },
  readerLagSeconds: {
    kind: 'gauge',
    name: 'trunkline_reader_lag_seconds',
    unit: 'seconds',
    about: 'Age of the oldest event that a reader has not taken; 0 when it has taken all.',
    labels: reader,
  },
  readerPosition: {
    kind: 'gauge',
    name: 'trunkline_reader_position',
    unit: 'position',
    about: 'Number of the last event that a reader has taken; it can step back a little, since the log is read by transaction first.',
    labels: reader,
  },
  keeperOldestEvent: {
    kind: 'gauge',
    name: 'trunkline_keeper_oldest_event_seconds',
    unit: 'seconds',
    about: 'Age of the first event in the oldest segment of a category; absent while a category has none.',
    labels: category,
  },
  keeperHeld: {
    kind: 'gauge',
    name: 'trunkline_keeper_held_segments',
    unit: 'segments',
    about: 'Segments of the log that are old enough to go, and what holds them back; absent when nothing is held back.',
    labels: { ...category, reason: HELD_REASONS },
  },
  keeperHeldSeconds: {
    kind: 'gauge',
    name: 'trunkline_keeper_held_seconds',
    unit: 'seconds',
    about: 'How much longer than its retention the log has kept a segment by now, the longest of each kind; absent when nothing is held back.',
    labels: { ...category, reason: HELD_REASONS },
  },
  routerWaiting: {
    kind: 'gauge',
    name: 'trunkline_router_waiting_events',
    unit: 'events',
    about: 'Events on the bus that no router has taken or finished.',
    labels: {},
  },
  queueDepth: {
    kind: 'gauge',
    name: 'trunkline_queue_depth',
    unit: 'commands',
    about: 'Commands that wait, are being carried out, or rest between two attempts; absent for an empty lane.',
    labels: lane,
  },
  queueOldest: {
    kind: 'gauge',
    name: 'trunkline_queue_oldest_pending_seconds',
    unit: 'seconds',
    about: 'Age of the lane\'s oldest command that is not settled, one that rests between two attempts included; absent for an empty lane.',
    labels: lane,
  },
  callDuration: {
    kind: 'histogram',
    name: 'trunkline_connector_call_duration_seconds',
    unit: 'seconds',
    about: 'How long partners took to answer an action, or a lookup of what it did.',
    labels: { ...action, class: CLASS },
    buckets: CALL_SECONDS,
  },
  attempts: {
    kind: 'counter',
    name: 'trunkline_connector_attempts_total',
    unit: 'attempts',
    about: 'Attempts on record, by what the command came to.',
    labels: { ...action, outcome: oneOf(COMMAND_OUTCOMES), class: CLASS },
  },
  retries: {
    kind: 'counter',
    name: 'trunkline_connector_retries_total',
    unit: 'attempts',
    about: 'Attempts on record that were not their command\'s first.',
    labels: action,
  },
  deadLetters: {
    kind: 'counter',
    name: 'trunkline_connector_dead_letters_total',
    unit: 'commands',
    about: 'Commands that ended as dead letters.',
    labels: action,
  },
  lastSuccess: {
    kind: 'gauge',
    name: 'trunkline_connector_last_success_timestamp_seconds',
    unit: 'seconds',
    about: 'When an account last carried a command out, as a Unix time; absent until it does.',
    labels: account,
  },
  accountState: {
    kind: 'gauge',
    name: 'trunkline_connector_account_state',
    unit: 'flag',
    about: '1 for the state that an account is in, 0 for the others: open; breaker-open after failures in a row; held because the partner asked for it or refused the credentials; shut because it is paused or not configured.',
    labels: { ...account, state: oneOf(ACCOUNT_STATES) },
  },
  tokensRefreshed: {
    kind: 'counter',
    name: 'trunkline_connector_tokens_refreshed_total',
    unit: 'requests',
    about: 'Requests for an access token, by how they ended: refreshed; refused when the partner does not accept the grant or the client; failed when it may answer later.',
    labels: { ...account, outcome: oneOf(TOKEN_OUTCOMES) },
  },
  limiterWait: {
    kind: 'histogram',
    name: 'trunkline_connector_limiter_wait_seconds',
    unit: 'seconds',
    about: 'How long a command waited for its turn within the account\'s limits.',
    labels: account,
    buckets: WAIT_SECONDS,
  },
  limiterWaiting: {
    kind: 'gauge',
    name: 'trunkline_connector_limiter_waiting',
    unit: 'commands',
    about: 'Commands in hand that wait for their turn within the account\'s limits.',
    labels: account,
  },
  limitUse: {
    kind: 'gauge',
    name: 'trunkline_connector_concurrency_use_percent',
    unit: 'percent',
    about: 'Share of the calls that an account may have at once which it has now.',
    labels: account,
  },
  traceSpans: {
    kind: 'counter',
    name: 'trunkline_traces_spans_total',
    unit: 'spans',
    about: 'Spans by what became of them: in the sample; outside it and kept because they do again what had failed, failed, were slow, or joined a trace of which another span was kept; or dropped.',
    labels: { fate: oneOf(SPAN_FATES) },
  },
  budgetCalls: {
    kind: 'gauge',
    name: 'trunkline_budget_calls',
    unit: 'calls',
    about: 'Calls that an account with a budget has made in the UTC day or month at hand, as far as the projector has read.',
    labels: budget,
  },
  budgetSpent: {
    kind: 'gauge',
    name: 'trunkline_budget_spent_percent',
    unit: 'percent',
    about: 'Share of its budget that an account has spent in the UTC day or month at hand; more than 100 when it is exceeded.',
    labels: budget,
  },
  notices: {
    kind: 'counter',
    name: 'trunkline_notifier_notices_total',
    unit: 'notices',
    about: 'Notices that were handed to a channel, those that it did not take and that are tried again included.',
    labels: { condition: 'the name of an alert', channel: 'one of slack, webhook, email', outcome: 'one of sent, failed, given-up' },
  },
  processMemory: {
    kind: 'gauge',
    name: 'trunkline_process_memory_bytes',
    unit: 'bytes',
    about: 'Memory of the process.',
    labels: { kind: 'one of rss, heap-used, heap-total, external' },
  },
  processCpu: {
    kind: 'counter',
    name: 'trunkline_process_cpu_seconds_total',
    unit: 'seconds',
    about: 'Processor time that the process has used.',
    labels: { mode: 'one of user, system' },
  },
  eventLoopDelay: {
    kind: 'gauge',
    name: 'trunkline_process_event_loop_delay_seconds',
    unit: 'seconds',
    about: 'How late timers ran since the last look: at the median, the 99th percentile, and at most.',
    labels: { percentile: 'one of p50, p99, max' },
  },
} as const satisfies Record<string, Metric>;
