import { connect, type NatsConnection } from '@nats-io/transport-node';
import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { HubError } from '#contract';

export type BusOptions = {
  url: string;
  /** Shown by `nats server report connections`. */
  name: string;
};

/** A connection to NATS that reconnects for as long as it takes. */
export type Bus = {
  nc: NatsConnection;
  jsm: JetStreamManager;
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

/** Connects, waiting until the server is there. */
export const connectBus = async (options: BusOptions): Promise<Bus> => {
  const nc = await connect({
    servers: options.url,
    name: options.name,
    waitOnFirstConnect: true,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 250,
    reconnectJitter: 100,
    pingInterval: 5_000,
    maxPingOut: 2,
    timeout: 3_000,
  });
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
