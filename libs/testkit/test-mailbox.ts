import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export type Mail = { from: string; to: string[]; text: string };

export type Mailbox = { port: number; mails: Mail[]; user: { name: string; password: string }; refuse(words: string | undefined): void; stop(): Promise<void> };

/** A real SMTP server on this machine that keeps what it is sent. It wants a password and offers no TLS. */
export const openMailbox = async (): Promise<Mailbox> => {
  const mails: Mail[] = [];
  const user = { name: 'hub', password: 'pass-word/7' };
  const state: { refusal: string | undefined } = { refusal: undefined };
  const server = new SMTPServer({
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    onAuth: ({ username, password }, _session, done) => (username === user.name && password === user.password ? done(null, { user: username }) : done(new Error(`No entry for ${password}`))),
    onData: (stream, session, done) => {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => {
        if (state.refusal !== undefined) return done(new Error(state.refusal));
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({ from: mailFrom ? mailFrom.address : '', to: rcptTo.map(({ address }) => address), text: Buffer.concat(parts).toString() });
        done(null, 'kept');
      });
    },
  });
  server.on('error', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    user,
    refuse: (words) => void (state.refusal = words),
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
};
