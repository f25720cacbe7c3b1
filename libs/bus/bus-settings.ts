import { text } from '#boot';
import type { BusOptions } from './connect-bus.ts';

const pem = (env: string, about: string) => text({ env, default: '', secret: true, about });

/** The settings of every room that speaks NATS. */
export const busSettings = {
  natsUrl: text({ env: 'NATS_URL', default: 'nats://127.0.0.1:4222', secret: true, about: 'NATS server with JetStream, with the room’s user and password where the server asks for them: `nats://relay:…@nats:4222`. `tls://` asks for encryption.' }),
  natsTlsCa: pem('NATS_TLS_CA', 'Certificate of the authority that signed NATS’ own, as PEM; with it the connection must be encrypted. Usually as NATS_TLS_CA_FILE.'),
  natsTlsCert: pem('NATS_TLS_CERT', 'This room’s certificate, as PEM, where NATS asks for one. Usually as NATS_TLS_CERT_FILE.'),
  natsTlsKey: pem('NATS_TLS_KEY', 'The key of NATS_TLS_CERT, as PEM. Usually as NATS_TLS_KEY_FILE.'),
};

type Values = { natsUrl: string; natsTlsCa: string; natsTlsCert: string; natsTlsKey: string };

/** What `connectBus` takes, out of a room's settings. */
export const busOptions = (config: Values, name: string): BusOptions => ({ url: config.natsUrl, name, tls: { ca: config.natsTlsCa, cert: config.natsTlsCert, key: config.natsTlsKey } });
