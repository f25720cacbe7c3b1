import type { LogPosition } from '#contract';
import type { Remembered } from '#event-log';

/** What the relay knows from one moment to the next, and from one life to the next. */
export type RelayMemory = {
  /** The last event that JetStream confirmed. */
  at: LogPosition;
  serverId: string;
  eventsCreated: string;
  commandsCreated: string;
  /** The highest sequence number that `EVENTS` gave us. */
  eventsSeq: number;
  /** The highest sequence number that each queue was seen to have, by its stream's name. */
  commandsSeq: Readonly<Record<string, number>>;
  /** The newest rewind: its number, and the place up to which events had been published before. */
  rewind?: { round: number; until: LogPosition };
};

const asText = (at: LogPosition): string => `${at.tx}.${at.position}`;

const fromText = (text: string): LogPosition => {
  const [tx = '0', position = '0'] = text.split('.');
  return { tx: BigInt(tx), position: BigInt(position) };
};

type Stored = { serverId?: string; eventsCreated?: string; commandsCreated?: string; eventsSeq?: number; commandsSeq?: Record<string, number> | number; rewind?: { round: number; until: string } };

/** Reads what `toRemembered` wrote; a relay that never ran knows nothing. */
export const fromRemembered = ({ at, memory }: Remembered): RelayMemory => {
  const stored = memory as Stored;
  return {
    at,
    serverId: stored.serverId ?? '',
    eventsCreated: stored.eventsCreated ?? '',
    commandsCreated: stored.commandsCreated ?? '',
    eventsSeq: stored.eventsSeq ?? 0,
    commandsSeq: typeof stored.commandsSeq === 'object' ? stored.commandsSeq : {},
    rewind: stored.rewind && { round: stored.rewind.round, until: fromText(stored.rewind.until) },
  };
};

export const toRemembered = ({ at, rewind, ...plain }: RelayMemory): Remembered => ({
  at,
  memory: { ...plain, ...(rewind && { rewind: { round: rewind.round, until: asText(rewind.until) } }) },
});
