/** A condition that people are told of: the same as the alert of its name in deploy/prometheus/alerts.yml, in the same words. */
export type Condition = {
  /** What it is, without whom it concerns: the title of its runbook. */
  title: string;
  severity: 'page' | 'ticket';
  /** How long it must hold before it is told, and be over before that is told. */
  holdS: number;
  cause: string;
  action: string;
  /** Its page in docs/runbooks. */
  runbook: string;
};

/** Every condition, by the name of its alert. A test compares them with the alerts: whoever changes one changes both. */
export const CONDITIONS = {
  TrunklineHighErrorRate: {
    title: 'Many calls fail',
    severity: 'page',
    holdS: 300,
    cause: 'The partner has a bad hour, or an input that it refuses became frequent after a change of the manifest.',
    action: 'Look at the class of the failures; wait for `transient`, correct the mapping or the input for `client`.',
    runbook: 'high-error-rate.md',
  },
  TrunklineWebhooksRefused: {
    title: 'Webhooks are refused',
    severity: 'page',
    holdS: 300,
    cause: 'The signing secret was rotated on one side only, or a proxy changes what passes through it.',
    action: "Ask ingest what it refused and why; put the partner's new secret beside the old one.",
    runbook: 'webhooks-refused.md',
  },
  TrunklineAuthFailing: {
    title: 'A partner refuses our credentials',
    severity: 'page',
    holdS: 60,
    cause: "A token or key was revoked, has expired, or lacks a permission that an action needs; or the partner gives no further token, because a consent has ended or the client's secret is another.",
    action: "See in the account's last failure what the partner says; issue a new credential with the partner and store it (trunkline secrets set); what waits is then sent.",
    runbook: 'auth-failing.md',
  },
  TrunklineSlowCalls: {
    title: 'Calls are slow',
    severity: 'ticket',
    holdS: 600,
    cause: 'The partner is slow, or the network to it is; calls that run into their timeout count as well.',
    action: "Compare with the partner's status page; raise the limits of the integration only when the queue grows.",
    runbook: 'slow-calls.md',
  },
  TrunklineDeadLetters: {
    title: 'Commands end as dead letters',
    severity: 'page',
    holdS: 0,
    cause: 'The partner refuses what we send for good, or was away for longer than all attempts take.',
    action: 'Read their causes at `GET /v1/dead-letters?groupBy=cause`, remove the reason, and redrive them.',
    runbook: 'dead-letters.md',
  },
  TrunklineBreakerOpen: {
    title: 'A breaker stays open',
    severity: 'page',
    holdS: 120,
    cause: 'The partner is away or cannot be reached from here; every probe failed.',
    action: 'Nothing is lost; commands wait in the queue. Find out whether the partner or our network is down.',
    runbook: 'breaker-open.md',
  },
  TrunklineBudgetNearlySpent: {
    title: 'A budget is nearly spent',
    severity: 'ticket',
    holdS: 300,
    cause: 'More events took the routes to this account than were meant to, or its calls fail and are tried again.',
    action: 'A budget stops nothing. See what makes the calls; lower `limits.perSecond`, narrow a route, or raise the budget.',
    runbook: 'budget.md',
  },
  TrunklineClockSkew: {
    title: 'Timestamps are too old, or from the future',
    severity: 'page',
    holdS: 60,
    cause: "The clock of ingest's machine is wrong, or webhooks were held up on their way for minutes.",
    action: "Compare `date -u` on ingest's machine with a time server before anything else.",
    runbook: 'clock-skew.md',
  },
  TrunklineQueueBackingUp: {
    title: 'A queue backs up',
    severity: 'page',
    holdS: 300,
    cause: "More work comes in than the account's limits let out, or the partner fails and attempts back off.",
    action: 'See whether the breaker is open or credentials are refused; otherwise compare the limits with the load.',
    runbook: 'queue-backing-up.md',
  },
  TrunklineNoWorkers: {
    title: 'Work waits and nobody serves it',
    severity: 'page',
    holdS: 300,
    cause: "The partner's connector does not run, or the integration was taken out of the manifest while commands waited.",
    action: 'Start a connector with `CONNECTOR_PARTNER=<partner>`; one per partner is enough.',
    runbook: 'no-workers.md',
  },
  TrunklineRouterBehind: {
    title: 'The router is behind',
    severity: 'page',
    holdS: 600,
    cause: 'The router does not run, or cannot read the manifest from Postgres.',
    action: "Look at the router's health and its log; events keep for 72 hours on the bus, and for good on the log.",
    runbook: 'router-behind.md',
  },
  TrunklineRelayLagging: {
    title: 'The relay lags',
    severity: 'page',
    holdS: 120,
    cause: 'The relay does not run, NATS is away, or a transaction stays open in Postgres.',
    action: 'Ask `GET /v1/health` of the console, which names who holds readers back.',
    runbook: 'relay-lagging.md',
  },
  TrunklineProjectionLagging: {
    title: 'A projection lags',
    severity: 'ticket',
    holdS: 300,
    cause: 'The projector does not run, is being rebuilt, or a transaction stays open in Postgres.',
    action: 'Ask `GET /v1/health` of the console, which names who holds readers back.',
    runbook: 'projection-lagging.md',
  },
  TrunklineSegmentsHeldBack: {
    title: 'Old segments of the log stay',
    severity: 'ticket',
    holdS: 1_800,
    cause: 'A reader of the log does not move or is there no more, a command waits for days, or the keeper fails when it looks.',
    action: 'Ask `GET /v1/health` of the console, which says what holds the oldest back; start the reader, or settle what waits.',
    runbook: 'segments-held-back.md',
  },
  TrunklineLogUnavailable: {
    title: 'The event log is unavailable',
    severity: 'page',
    holdS: 60,
    cause: 'Postgres is down, has no disk space or no connections left, or the network to it is cut.',
    action: 'Bring Postgres back; partners send again what was refused, and nothing that was accepted is lost.',
    runbook: 'log-unavailable.md',
  },
} as const satisfies Record<string, Condition>;

export type ConditionName = keyof typeof CONDITIONS;

/** The names of all conditions. */
export const CONDITION_NAMES = Object.keys(CONDITIONS) as ConditionName[];

/** Whether there is still a condition of this name: an earlier version may have told of another. */
export const isCondition = (name: string): name is ConditionName => Object.hasOwn(CONDITIONS, name);
