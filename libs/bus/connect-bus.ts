import { setTimeout as pause } from 'node:timers/promises';
import { AuthorizationError, connect, createInbox, TimeoutError, type NatsConnection, type NodeConnectionOptions } from '@nats-io/transport-node';
import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { HubError } from '#contract';
import { tlsProblem } from './tls-problem.ts';

/** PEM texts. With any of them the connection must be encrypted; without `ca`, the system's authorities count. */
export type BusTls = { ca?: string; cert?: string; key?: string };

export type BusOptions = {
  /** With the room's user and password, where the server asks for them: `nats://relay:secret@nats:4222`; `tls://` asks for encryption. */
  url: string;
  /** Shown by `nats server report connections`. */
  name: string;
  tls?: BusTls;
};

/** A connection to NATS that reconnects for as long as it takes. */
export type Bus = {
  nc: NatsConnection;
  jsm: JetStreamManager;
  /** A subject of its own for answers, which nobody else may listen to. */
  newInbox(): string;
  /** Whether the connection stands now. */
  connected(): boolean;
  /** Changes when another server, or the same one started anew, is at the other end. */
  serverId(): string;
  /** Whether the server is at least 2.`minor`. */
  atLeast(minor: number): boolean;
  /** Bytes that a message may have, headers included. */
  maxPayload(): number;
  /** Called after each reconnect, until the returned function is called. */
  onReconnect(listener: () => void): () => void;
  close(): Promise<void>;
};

const TRY_EVERY_MS = 250;
/** Timeouts in a row, of three seconds each, after which an encrypted connection is given up. */
const SILENCES = 2;

/** `host` is what the server's certificate must be for: the client does not say so by itself where it is an address. */
const tlsOf = ({ protocol, hostname }: URL, { ca, cert, key }: BusTls): NodeConnectionOptions['tls'] => {
  const given = Object.fromEntries(Object.entries({ ca, cert, key }).filter(([, value]) => value !== undefined && value !== ''));
  return protocol === 'tls:' || Object.keys(given).length > 0 ? ({ ...given, host: hostname.replace(/^\[|\]$/g, '') } as NodeConnectionOptions['tls']) : undefined;
};

/** Each user has answers sent to a prefix of its own, as its permissions say. */
const prefixOf = (user: string): string | undefined => (user === '' ? undefined : `_INBOX.${user}`);

const connectionOptions = ({ url, name, tls = {} }: BusOptions): NodeConnectionOptions => {
  const address = new URL(url.includes('://') ? url : `nats://${url}`);
  const { host, username, password } = address;
  const user = decodeURIComponent(username);
  return {
    servers: host,
    name,
    ...(user === '' ? {} : { user, pass: decodeURIComponent(password), inboxPrefix: prefixOf(user) }),
    tls: tlsOf(address, tls),
    // A password that is changed at both ends is refused for a moment; a room must not give up for that.
    ignoreAuthErrorAbort: true,
    maxReconnectAttempts: -1,
    reconnectTimeWait: TRY_EVERY_MS,
    reconnectJitter: 100,
    pingInterval: 5_000,
    maxPingOut: 2,
    timeout: 3_000,
  };
};

/** What waiting does not mend. */
const asRefusal = (error: unknown, user: string | undefined): HubError | undefined => {
  // A process, or a server, that was too busy to say who it is in time is not refused for who it is.
  if (error instanceof AuthorizationError && !/timeout/i.test(error.message)) {
    const who = user === undefined ? 'somebody without a user' : `the user ${user}`;
    return new HubError('bus-refused', `NATS does not let ${who} in. Put this room's user and password into NATS_URL: nats://<user>:<password>@<host>:<port>`, { cause: error });
  }
  const problem = tlsProblem(error);
  if (problem === undefined) return undefined;
  return new HubError('bus-refused', `The connection to NATS cannot be encrypted as it should: ${problem}`, { cause: error });
};

/** A server that does not like our certificate, or misses one, ends the connection without a word that reaches us. */
const endedInSilence = (cause: unknown): HubError =>
  new HubError('bus-refused', 'NATS does not go on once the connection is encrypted. If it asks for a certificate, set NATS_TLS_CERT and NATS_TLS_KEY, signed by an authority that it knows.', { cause });

const untilConnected = async (options: NodeConnectionOptions): Promise<NatsConnection> => {
  for (let silences = 0; ; ) {
    try {
      return await connect(options);
    } catch (error) {
      const refusal = asRefusal(error, options.user);
      if (refusal !== undefined) throw refusal;
      silences = options.tls && error instanceof TimeoutError ? silences + 1 : 0;
      if (silences === SILENCES) throw endedInSilence(error);
      await pause(TRY_EVERY_MS);
    }
  }
};

/** Connects, waiting until the server is there. Throws `bus-refused` when it is there and does not let this room in. */
export const connectBus = async (given: BusOptions): Promise<Bus> => {
  const options = connectionOptions(given);
  const nc = await untilConnected(options);
  let connected = true;
  const listeners = new Set<() => void>();
  void (async () => {
    for await (const status of nc.status()) {
      if (status.type === 'disconnect') connected = false;
      if (status.type === 'reconnect') {
        connected = true;
        for (const listener of listeners) listener();
      }
    }
  })();
  const jsm = await jetstreamManager(nc, { timeout: 5_000, checkAPI: false });
  return {
    nc,
    jsm,
    newInbox: () => createInbox(options.inboxPrefix),
    connected: () => connected && !nc.isClosed(),
    serverId: () => nc.info?.server_id ?? '',
    atLeast: (minor) => {
      const [major = 0, have = 0] = (nc.info?.version ?? '').split('.').map(Number);
      return major > 2 || (major === 2 && have >= minor);
    },
    maxPayload: () => nc.info?.max_payload ?? 0,
    onReconnect: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: async () => {
      connected = false;
      await nc.close();
    },
  };
};

/** Fails fast while NATS is away, so that nothing piles up in the connection's buffer. */
export const requireConnection = (bus: Pick<Bus, 'connected'>): void => {
  if (!bus.connected()) throw new HubError('bus-unavailable', 'NATS cannot be reached now. It is tried again by itself.');
};
