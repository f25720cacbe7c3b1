import { askedToStop, endsWithin, orStopped } from './asked-to-stop.ts';
import { loadConfig, printConfig, type ConfigOf, type ConfigSchema } from './config.ts';
import { complain, guardProcess, leave } from './guard-process.ts';
import { keepTicksFast } from './keep-ticks-fast.ts';

/** A room that runs: where it answers, if it does, and how to end it gently. */
export type Room = { url?: string; stop(): Promise<void> };

/** Starts a room: resolves once it works, however long it has to wait for its servers. */
export type StartRoom<S extends ConfigSchema> = (config: ConfigOf<S>, env: NodeJS.ProcessEnv) => Promise<Room>;

/** How long a gentle stop may take before the process leaves anyway. */
const STOP_WITHIN_MS = 15_000;

const say = (room: string, msg: string, more: object = {}): void =>
  void process.stdout.write(`${JSON.stringify({ level: 'info', time: new Date().toISOString(), room, ...more, msg })}\n`);

/**
 * The life of a process that is one room: reads and prints its settings, starts, says so in one line, stops gently on
 * SIGTERM or SIGINT (at once while it still starts, or on a second one). See `guardProcess` for what else it heeds.
 * Exit codes: 0 stopped gently, 1 could not start or stop, 130 stopped by force.
 */
export const runRoom = async <S extends ConfigSchema>(schema: S, start: StartRoom<S>): Promise<void> => {
  keepTicksFast();
  const { name } = schema;
  const { signal, stop } = askedToStop();
  guardProcess(name, (words) => say(name, words));
  void signal.then((asked) => say(name, 'stopping', { signal: asked }));
  try {
    const config = loadConfig(schema);
    printConfig(schema, config);
    const room = await orStopped(start(config, process.env), stop);
    say(name, 'ready', { url: room.url });
    await signal;
    const gentle = await endsWithin(STOP_WITHIN_MS, room.stop());
    say(name, gentle ? 'stopped' : `did not stop within ${STOP_WITHIN_MS} ms; what is open is taken up again`);
    leave(gentle ? 0 : 1);
  } catch (error) {
    if (stop.aborted && error === stop.reason) return leave(0);
    complain(name, error);
    leave(1);
  }
};
