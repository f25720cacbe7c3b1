import pg from 'pg';
import { commandId, newCorrelationId, outcomeEventId, type Command, type CommandOutcome, type CommandState, type Manifest, type NewEvent } from '#contract';
import { migrate, openCommandLedger, openDatabase, openEventLog, type Database, type EventLog } from '#event-log';
import { migrateReadModels, PROJECTIONS, projectChunk } from '#read-models';
import { freshDatabase, waitFor } from '#testkit';
import { migrateVault } from '#vault';
import { raiseWalls } from '#walls';

const DAY_MS = 86_400_000;

/** A log that a test can make old. */
export type AgingLog = {
  db: Database;
  log: EventLog;
  url: string;
  owner: pg.Client;
  keep(days: Record<string, number>): Promise<void>;
  /** Appends a webhook, and what came of the command that followed. Gives the ids of the flow, the webhook and the command. */
  flow(name: string, state?: CommandState): Promise<Flow>;
  /** Lets every reader take everything, the relay too. */
  read(): Promise<void>;
  /** Everything was recorded, opened, closed and dropped so many days earlier. */
  age(days: number): Promise<void>;
  /** `<category> <state>` of each segment that holds or held something, oldest first. */
  segments(): Promise<string[]>;
  end(): Promise<void>;
};

export type Flow = { correlationId: string; event: NewEvent; command: Command };

const anEvent = (more: Partial<NewEvent>): NewEvent => ({
  id: newCorrelationId(), type: 'inbound.note', partner: 'stripe', integration: 'acme', tenant: 'default', correlationId: newCorrelationId(),
  occurredAt: new Date().toISOString(), schemaVersion: 1, contentType: 'application/json', data: Buffer.from('{}'), headers: {}, ...more,
});

const commandOf = (event: NewEvent): Command => ({
  id: commandId(event.id, 'r', 't'), partner: 'slack', integration: 'ops', action: 'post-message', lane: 'normal', tenant: 'default', route: 'r', target: 't',
  eventId: event.id, correlationId: event.correlationId, hops: 1, issuedAt: event.occurredAt, deadline: new Date(Date.now() + DAY_MS).toISOString(), redrive: 0, input: {},
});

const OUTCOMES: Partial<Record<CommandState, CommandOutcome>> = { succeeded: 'succeeded', waiting: 'retrying', dead: 'dead-lettered', uncertain: 'uncertain' };

const factOf = (command: Command, outcome: CommandOutcome): NewEvent => {
  const { id, action, route, target, lane } = command;
  return anEvent({
    id: outcomeEventId(id, 1), type: `command.${outcome}`, partner: command.partner, integration: command.integration, correlationId: command.correlationId, causationId: id,
    data: Buffer.from(JSON.stringify({ commandId: id, action, route, target, lane, attempt: 1, redrive: 0, durationMs: 1, command })),
  });
};

const AGE = [
  'update events set recorded_at = recorded_at - $1 * interval \'1 day\'',
  'update commands set updated_at = updated_at - $1 * interval \'1 day\', created_at = created_at - $1 * interval \'1 day\'',
  `update segments set opened_at = opened_at - $1 * interval '1 day', closed_at = closed_at - $1 * interval '1 day', dropped_at = dropped_at - $1 * interval '1 day',
    since = since - $1 * interval '1 day', held_since = held_since - $1 * interval '1 day', until = until - $1 * interval '1 day'`,
];

const SEGMENTS = `select category || ' ' || case when forgotten_at is not null then 'forgotten' when swept_at is not null then 'swept' when dropped_at is not null then 'dropped'
  when held_by is not null then 'held by ' || held_by when closed_at is not null then 'closed' else 'open' end as words from segments where category <> 'operator' order by id`;

/** A database of its own with the log, the ledger and the read models. */
export const agingLog = async (): Promise<AgingLog> => {
  const server = await freshDatabase();
  await migrate(server.url);
  await migrateReadModels(server.url);
  await migrateVault(server.url);
  await raiseWalls(server.url);
  const db = openDatabase({ url: server.url, applicationName: 'keeper-test', max: 8 });
  const log = openEventLog(db);
  const ledger = openCommandLedger(db, { owner: 'test', leaseMs: 60_000 });
  const owner = new pg.Client(server.url);
  await owner.connect();
  const readable = async () => (await db.pool.query('select 1 from events where tx >= pg_snapshot_xmin(pg_current_snapshot()) limit 1')).rowCount === 0;
  let version = 0;
  return {
    db,
    log,
    url: server.url,
    owner,
    keep: async (days) => {
      const retention = Object.fromEntries(Object.entries(days).map(([what, count]) => [what, count * DAY_MS]));
      const manifest: Manifest = { version: 1, integrations: [], routes: [], retention };
      await log.appendExpected({ ...anEvent({ type: 'operator.manifest-applied', partner: 'trunkline', data: Buffer.from(JSON.stringify(manifest)) }), stream: { name: 'manifest', version: ++version } });
    },
    flow: async (name, state = 'succeeded') => {
      const event = anEvent({ type: `inbound.${name}` });
      await log.append(event);
      const command = commandOf(event);
      await ledger.claim(command);
      const outcome = OUTCOMES[state];
      if (outcome !== undefined) await ledger.settle({ commandId: command.id, attempt: 1, state: state as 'dead', refund: 0, event: factOf(command, outcome) });
      return { correlationId: event.correlationId, event, command };
    },
    read: async () => {
      await waitFor(readable, { what: 'the log to be readable' });
      for (const projection of PROJECTIONS) while ((await projectChunk(db, projection, 500)) > 0);
      await owner.query(`insert into reader_positions (reader, tx, position) select 'relay', tx, position from events order by tx desc, position desc limit 1
        on conflict (reader) do update set tx = excluded.tx, position = excluded.position`);
    },
    age: async (days) => {
      for (const text of AGE) await owner.query(text, [days]);
    },
    segments: async () => (await owner.query<{ words: string }>(SEGMENTS)).rows.map(({ words }) => words),
    end: async () => {
      log.close();
      await owner.end();
      await db.close();
      await server.drop();
    },
  };
};
