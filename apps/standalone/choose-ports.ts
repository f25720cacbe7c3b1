import { choosePort } from '#embedded';
import type { StandaloneConfig } from './standalone.config.ts';

export type Ports = { ingest: number; console: number; sandbox: number };

/** The ports to listen on. One that was asked for stays what it is, and is refused later when it is taken; a default gives way. */
export const choosePorts = async (config: StandaloneConfig, env: NodeJS.ProcessEnv): Promise<Ports> => {
  const pick = (asked: string | undefined, port: number): Promise<number> => (asked ? Promise.resolve(port) : choosePort(port));
  return {
    ingest: await pick(env['INGEST_PORT'], config.ingestPort),
    console: await pick(env['CONSOLE_PORT'], config.consolePort),
    sandbox: await pick(env['SANDBOX_PORT'], config.sandboxPort),
  };
};
