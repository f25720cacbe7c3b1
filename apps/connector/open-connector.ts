import { setTimeout as pause } from 'node:timers/promises';
import { untilItWorks, watchVariableFiles } from '#boot';
import type { JetStreamServer } from '#bus';
import type { HubEvent, IntegrationSpec, OpenCommand } from '#contract';
import { followManifest, type AccountStanding, type CommandLedger, type EventLog, type ManifestFollower } from '#event-log';
import { resolveIntegration } from '#manifest';
import { createApiClient, createTokenClient, flowHeaders, type Call, type Partner, type PartnerApiClient, type TokenClient } from '#partner-kit';
import { nowAndThen, withSpan, type FlowSpan, type Logger } from '#telemetry';
import type { People, SecretReader, TokenStore } from '#vault';
import { createAccounts, type Account, type Accounts } from './accounts.ts';
import { describeAttempt, noteOnSpan } from './attempt-span.ts';
import type { Claimed } from './attempt.ts';
import { authorizeCall } from './authorize-call.ts';
import { callPartner } from './call-partner.ts';
import { checkRecipients } from './check-recipients.ts';
import { carryOutCommand, type CarryOutCommand } from './carry-out-command.flow.ts';
import { createInputCheck } from './check-input.ts';
import type { ConnectorConfig } from './connector.config.ts';
import { describeOutcome } from './describe-outcome.ts';
import { hidePersons } from './hide-persons.ts';
import { judgeAttempt, type Tried, type Verdict } from './judge-attempt.ts';
import { keepTokens, type Tokens } from './keep-tokens.ts';
import { laneSources } from './lane-sources.ts';
import { expectDeadLetters, expectTokens, meterAccounts, meterToken } from './meter-accounts.ts';
import { meterAttempt } from './meter-attempt.ts';
import { meterCalls } from './meter-calls.ts';
import { prepareCommand } from './prepare-command.ts';
import { recordOutcome } from './record-outcome.ts';
import { tellStandings } from './tell-standings.ts';
import { callWithinMs, lookupWithinMs, tokenWithinMs } from './within-lease.ts';

export type Connector = { carryOut: CarryOutCommand; start(): void; shut(): Promise<void>; stop(): Promise<void> };

type Parts = {
  partner: Partner;
  log: EventLog;
  people: People;
  ledger: CommandLedger;
  secrets: SecretReader;
  tokens: TokenStore;
  server: JetStreamServer;
  config: ConnectorConfig;
  logger: Logger;
  env: NodeJS.ProcessEnv;
  userAgent: string;
  /** Puts how this process stands to its accounts where others can read it. */
  tellStates(standings: AccountStanding[]): Promise<void>;
};

/** How soon it is noticed that a door has opened which tells nobody, as the log's. */
const ASK_EVERY_MS = 250;
const TELL_EVERY_MS = 1_000;

/** Looks again and again, one look at a time; answers how to stop. A look that fails is made up for by the next one. */
const lookingEvery = (ms: number, look: () => Promise<void>): (() => Promise<void>) => {
  let looking: Promise<void> = Promise.resolve();
  const timer = setInterval(() => void (looking = looking.then(look).catch(() => undefined)), ms);
  return async () => {
    clearInterval(timer);
    await looking;
  };
};

type Calling = { client: PartnerApiClient; credentials: Readonly<Record<string, string>>; traceparent: string };

const callOf = (command: OpenCommand, account: Account, { client, credentials, traceparent }: Calling): Call => ({
  idempotencyKey: command.id,
  correlationId: command.correlationId,
  issuedAt: command.issuedAt,
  input: command.input,
  account: { integration: account.spec.name, credentials: { ...credentials }, settings: account.spec.settings },
  http: client.carrying(flowHeaders({ commandId: command.id, correlationId: command.correlationId, traceparent, hops: command.hops })),
});

const createClients = ({ config, userAgent }: Parts) => {
  const clients = new Map<string, PartnerApiClient>();
  return {
    of: (account: Account): PartnerApiClient => {
      const timeoutMs = callWithinMs(account.spec, config.leaseMs);
      const key = `${account.spec.name}:${timeoutMs}`;
      const client = clients.get(key) ?? createApiClient({ timeoutMs, userAgent, connections: account.spec.limits.concurrency * 2 });
      clients.set(key, client);
      return client;
    },
    close: () => Promise.all([...clients.values()].map((client) => client.close())),
  };
};

const eventBehind = async ({ ledger, people }: Parts, commandId: string): Promise<HubEvent | undefined> => {
  const event = await ledger.eventBehind(commandId);
  return event && (await people.openEvents([event]))[0]?.event;
};

/** The one wide line per attempt. */
const logAttempt = (logger: Logger, { command, claimed }: Omit<Tried, 'account'>, verdict: Verdict, durationMs: number): void => {
  const level = verdict.outcome === 'succeeded' ? 'info' : 'warn';
  logger[level](
    {
      commandId: command.id,
      correlationId: command.correlationId,
      eventId: command.eventId,
      account: `${command.partner}.${command.integration}`,
      action: command.action,
      route: command.route,
      target: command.target,
      attempt: claimed.attempt,
      takenOver: claimed.takenOver || undefined,
      outcome: verdict.outcome,
      failure: verdict.failure,
      answer: verdict.answer,
      nextAttemptAt: verdict.nextAttemptAtMs && new Date(verdict.nextAttemptAtMs).toISOString(),
      durationMs,
    },
    'attempt',
  );
};

const openTokens = ({ log, tokens: store, config, logger }: Parts, { request }: TokenClient): Tokens =>
  keepTokens({
    store,
    request,
    note: (account, outcome, why) => {
      meterToken(account.spec, outcome);
      logger[outcome === 'refreshed' && why === undefined ? 'info' : 'warn']({ account: `${account.spec.partner}.${account.spec.name}`, outcome, why }, 'asked for an access token');
    },
    now: log.now,
    withinMs: tokenWithinMs(config.leaseMs),
  });

type Joined = { accounts: Accounts; clients: ReturnType<typeof createClients>; tokens: Tokens; stopping(): boolean };

const joinFlow = (parts: Parts, { accounts, clients, tokens, stopping }: Joined): CarryOutCommand => {
  const { partner, log, people, ledger, config, logger } = parts;
  const authorize = authorizeCall(tokens, partner.oauth);
  const checkInput = createInputCheck();
  const record = recordOutcome({ settle: ledger.settle, pause, givingUp: stopping });
  const actions = meterCalls(partner, () => performance.now());
  const action = (name: string) => actions[name];
  const meter = meterAttempt((name) => Object.hasOwn(actions, name));
  const spans = new WeakMap<Claimed, FlowSpan>();
  const hide = hidePersons({ eventBehind: (commandId) => eventBehind(parts, commandId) });
  return carryOutCommand({
    account: (command) => accounts.get(command.integration),
    claim: ledger.claim,
    prepare: prepareCommand({ open: people.openCommand, suppressed: checkRecipients({ action, suppressed: people.suppressed }) }),
    unreadable: nowAndThen(({ id, eventId }, why) => logger.error({ commandId: id, eventId, why }, 'a command cannot be opened and waits until its deadline, and others like it may. Give the master key back to MASTER_KEYS')),
    attempt: (command, prepared, account, claimed) =>
      withSpan('connector.call', describeAttempt(command, claimed), async (span) => {
        spans.set(claimed, span);
        const calling = (a: Account, credentials: Calling['credentials']) => ({ client: clients.of(a), credentials, traceparent: span.traceparent });
        const call = callPartner({
          action,
          checkInput,
          authorize,
          callOf: (c, a, credentials) => callOf(c, a, calling(a, credentials)),
          lookupWithinMs: (a) => lookupWithinMs(a.spec, config.leaseMs),
          now: log.now,
        });
        const attempt = prepared.kind === 'withheld' ? prepared : await hide(await call(prepared.command, account, claimed), prepared);
        noteOnSpan(span, attempt);
        return attempt;
      }),
    judge: judgeAttempt({
      policy: { maxAttempts: config.maxAttempts, baseMs: config.backoffBaseMs, capMs: config.backoffCapMs, authPauseMs: config.authPauseMs },
      now: log.now,
      random: Math.random,
    }),
    record: async (command, claimed, verdict, startedAtMs) => {
      const endedAtMs = log.now();
      const recorded = await record(describeOutcome(command, claimed, verdict, { startedAtMs, endedAtMs, traceparent: spans.get(claimed)?.traceparent }));
      if (recorded) {
        meter(command, claimed, verdict, endedAtMs);
        logAttempt(logger, { command, claimed }, verdict, endedAtMs - startedAtMs);
      } else logger.warn({ commandId: command.id, attempt: claimed.attempt }, 'another process took this command over; its outcome counts');
    },
    stopping,
    now: log.now,
  });
};

/** Joins the connector's flow to one partner, the ledger and the queue. */
export const openConnector = (parts: Parts): Connector => {
  const { partner, log, secrets, server, config, logger, env } = parts;
  const gate = { failures: config.breakerFailures, firstOpenMs: config.breakerFirstOpenMs, maxOpenMs: config.breakerMaxOpenMs };
  // How webhooks are signed is ingest's to know.
  const accounts = createAccounts(({ webhook: _ingests, ...spec }) => resolveIntegration(spec, env, secrets.find), gate, log.now);
  const clients = createClients(parts);
  const tokenClient = createTokenClient(parts);
  const stopMetering = meterAccounts(accounts.all);
  const watched = new WeakSet<Account>();
  const stopping = new AbortController();
  let following: Promise<ManifestFollower | undefined> | undefined;
  let asking: NodeJS.Timeout | undefined;
  let stopTelling: (() => Promise<void>) | undefined;

  const askAgain = (): void => server.sources().forEach((source) => source.more());
  const watch = (account: Account): void => {
    if (watched.has(account)) return;
    watched.add(account);
    const name = `${partner.name}.${account.spec.name}`;
    if (account.shut !== undefined) logger.warn({ account: name, why: account.shut }, 'this account is not served; its commands wait');
    account.gate.onChange(() => {
      const closed = account.gate.closed();
      logger[closed ? 'warn' : 'info']({ account: name, closed }, closed ? 'this account rests' : 'this account is served again');
      askAgain();
    });
  };
  const serve = async (specs: IntegrationSpec[]): Promise<void> => {
    accounts.update(specs);
    expectDeadLetters(partner, specs);
    expectTokens(specs);
    accounts.all().forEach(watch);
    await server.serve(specs.flatMap((spec) => laneSources(spec, { account: accounts.get, logReady: log.ready, ackWaitMs: config.ackWaitMs })));
  };
  const files = watchVariableFiles(env);
  const stirred = async (): Promise<boolean> => (await Promise.all([files(), secrets.look()])).includes(true);
  const follow = async (): Promise<ManifestFollower> => {
    await secrets.look();
    return followManifest(log, (history) => serve((history.at(-1)?.manifest.integrations ?? []).filter((spec) => spec.partner === partner.name)), { stirred });
  };
  return {
    carryOut: joinFlow(parts, { accounts, clients, tokens: openTokens(parts, tokenClient), stopping: () => stopping.signal.aborted }),
    start: () => {
      asking = setInterval(askAgain, ASK_EVERY_MS);
      stopTelling = lookingEvery(TELL_EVERY_MS, tellStandings({ accounts: accounts.all, tell: parts.tellStates, logReady: log.ready, now: log.now }));
      following = untilItWorks(follow, stopping.signal, (error) => logger.warn({ err: error }, 'the connector waits'));
    },
    shut: async () => {
      stopping.abort();
      clearInterval(asking);
      (await following)?.stop();
      await stopTelling?.();
      // Whoever looks need not wait until this process counts as gone.
      if (log.ready()) await parts.tellStates([]).catch(() => undefined);
    },
    stop: async () => {
      stopMetering();
      await Promise.all([clients.close(), tokenClient.close()]);
    },
  };
};
