import { hostname, userInfo } from 'node:os';
import type { Acting } from '#contract';

/** An account without a name, as containers have them, is known by its number. */
const accountName = (): string => {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'unknown');
  }
};

/** Whoever runs the command line: the database's password lets them do everything. */
export const acting = (): Acting => {
  const name = accountName();
  return { who: { kind: 'local', id: name, name, tenant: undefined, scopes: ['admin', 'publish'] }, from: hostname() };
};
