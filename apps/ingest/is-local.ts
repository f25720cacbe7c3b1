const LOOPBACK = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

type Request = { socket: { remoteAddress?: string }; headers: Record<string, unknown> };

/** Whether a request comes from this machine itself, and no proxy on it passed it on. */
export const isLocal = ({ socket, headers }: Request): boolean =>
  LOOPBACK.has(socket.remoteAddress ?? '') && headers['x-forwarded-for'] === undefined && headers['forwarded'] === undefined && headers['via'] === undefined;
