import { spawnSync } from 'node:child_process';
import { HubError } from '#contract';

/** The user that Postgres runs as when this process is root, which Postgres itself refuses to be. */
export type Account = { uid: number; gid: number };

const idOf = (flag: '-u' | '-g'): number => Number.parseInt(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout, 10);

const findAccount = (): Account | undefined => {
  const [uid, gid] = [idOf('-u'), idOf('-g')];
  return Number.isNaN(uid) || Number.isNaN(gid) ? undefined : { uid, gid };
};

/** Nothing for an ordinary user; as root the user `postgres`, which is made when the machine has none. */
export const serverAccount = (onLog: (line: string) => void): Account | undefined => {
  if (process.getuid?.() !== 0) return undefined;
  const existing = findAccount();
  if (existing) return existing;
  onLog('making the system user "postgres": Postgres does not run as root');
  spawnSync('groupadd', ['--system', 'postgres']);
  spawnSync('useradd', ['--system', '--gid', 'postgres', '--no-create-home', '--home-dir', '/nonexistent', 'postgres']);
  const made = findAccount();
  if (!made) {
    throw new HubError('server-missing', 'Postgres does not run as root, and the user "postgres" could not be made. Run as another user, make that one, or set DATABASE_URL.');
  }
  return made;
};

/** Whether that account may enter a folder, by the system's own judgement. */
export const canEnter = (account: Account, dir: string): boolean =>
  spawnSync('sh', ['-c', 'test -x "$1"', 'sh', dir], { ...account, cwd: '/' }).status === 0;
