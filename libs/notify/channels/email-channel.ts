import { createTransport } from 'nodemailer';
import { HubError } from '#contract';
import { ChannelFailure, type Channel } from '../channel.ts';
import { renderText } from '../notice-message.ts';

const TIMEOUT_MS = 10_000;

type Options = {
  /** `smtp://user:password@host:587`, or `smtps://` for TLS from the start. */
  url: string;
  from: string;
  /** Addresses with commas between them. */
  to: string;
};

const addressesIn = (text: string): string[] => text.split(',').map((one) => one.trim()).filter(Boolean);

/** A server's words may repeat the password that it refuses. */
const withoutPassword = (words: string, url: string): string => {
  const { username, password } = new URL(url);
  const known = [password, decodeURIComponent(password), Buffer.from(`\0${decodeURIComponent(username)}\0${decodeURIComponent(password)}`).toString('base64')];
  return known.filter((text) => text.length > 0).reduce((safe, secret) => safe.replaceAll(secret, '***'), words);
};

const requireOptions = ({ url, from, to }: Options): void => {
  const isUrl = URL.canParse(url) && /^smtps?:$/.test(new URL(url).protocol);
  if (!isUrl) throw new HubError('config-invalid', 'NOTIFY_SMTP_URL must look like smtp://user:password@host:587 or smtps://user:password@host:465.');
  const missing = [...(from === '' ? ['NOTIFY_EMAIL_FROM'] : []), ...(addressesIn(to).length === 0 ? ['NOTIFY_EMAIL_TO'] : [])];
  if (missing.length > 0) throw new HubError('config-invalid', `${missing.join(' and ')} must be set where NOTIFY_SMTP_URL is.`);
};

/** E-mail, handed to an SMTP server; it is encrypted where the server offers it. */
export const openEmailChannel = (options: Options): Channel => {
  requireOptions(options);
  const { url, from, to } = options;
  const transport = createTransport(url, { from });
  Object.assign(transport.options, { connectionTimeout: TIMEOUT_MS, greetingTimeout: TIMEOUT_MS, socketTimeout: TIMEOUT_MS, disableFileAccess: true, disableUrlAccess: true });
  return {
    name: 'email',
    send: async (message) => {
      try {
        const { response } = await transport.sendMail({
          to: addressesIn(to),
          subject: message.title,
          text: renderText(message),
          date: new Date(message.at),
          messageId: `<${message.id}@trunkline>`,
          // By RFC 3834, so that nobody's out-of-office answers.
          headers: { 'Auto-Submitted': 'auto-generated' },
        });
        return withoutPassword(response, url);
      } catch (error) {
        throw new ChannelFailure(withoutPassword((error as Error).message, url).slice(0, 300));
      }
    },
    close: async () => transport.close(),
  };
};
