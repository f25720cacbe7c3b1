import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig, defineConfig } from '#boot';
import { makeAuthority, pemOf, scratchFolder, startTestNats, type Authority, type Certified, type TestNats } from '#testkit';
import { busOptions, busSettings, connectBus, ensureStreams, openPublisher } from './index.ts';

const settings = defineConfig('spec', busSettings);

let dir: string;
let ours: Authority;
let theirs: Authority;
let room: Certified;
let server: Certified;
const running: TestNats[] = [];

const serve = async (verify: boolean): Promise<TestNats> => {
  const nats = await startTestNats({ config: `tls { cert_file: "${server.cert}", key_file: "${server.key}", ca_file: "${ours.ca}", verify: ${verify} }` });
  running.push(nats);
  return nats;
};
const connectWith = (nats: TestNats, env: Record<string, string>) => connectBus(busOptions(loadConfig(settings, { NATS_URL: nats.url, ...env }), 'spec'));

beforeAll(async () => {
  dir = await scratchFolder('tls');
  [ours, theirs] = await Promise.all([makeAuthority(dir, 'ours'), makeAuthority(dir, 'theirs')]);
  [room, server] = await Promise.all([ours.certify('relay'), ours.certify('nats', true)]);
});
afterAll(async () => {
  await Promise.all(running.map((nats) => nats.stop()));
  await rm(dir, { recursive: true, force: true });
});

describe('a connection to NATS', () => {
  it('is encrypted, and the server known, by the authority that a file names', async () => {
    const nats = await serve(false);
    const bus = await connectWith(nats, { NATS_TLS_CA_FILE: ours.ca });
    expect(bus.nc.info?.tls_required).toBe(true);
    await ensureStreams(bus, []);
    const publisher = openPublisher(bus);
    expect(await publisher.publish([{ subject: 'evt.a.b.c', msgId: '1', headers: {}, body: Buffer.from('x') }])).toMatchObject([{ kind: 'stored' }]);
    publisher.close();
    await bus.close();
  });

  it('is refused when another authority signed, and says so', async () => {
    const nats = await serve(false);
    await expect(connectWith(nats, { NATS_TLS_CA_FILE: theirs.ca })).rejects.toMatchObject({
      code: 'bus-refused', message: expect.stringContaining('was not signed by an authority that NATS_TLS_CA names'),
    });
    // Without any, the system's authorities count.
    await expect(connectBus({ url: nats.url.replace('nats:', 'tls:'), name: 'spec' })).rejects.toMatchObject({ code: 'bus-refused' });
  });

  it('is refused when the server’s certificate is for another host', async () => {
    const nats = await serve(false);
    const env = { NATS_URL: nats.url.replace('127.0.0.1', 'localhost'), NATS_TLS_CA_FILE: ours.ca };
    await expect(connectBus(busOptions(loadConfig(settings, env), 'spec'))).rejects.toMatchObject({ code: 'bus-refused', message: expect.stringContaining('is for another host') });
  });

  it('shows a certificate of its own where the server asks for one', async () => {
    const nats = await serve(true);
    const bus = await connectWith(nats, { NATS_TLS_CA: await pemOf(ours.ca), NATS_TLS_CERT_FILE: room.cert, NATS_TLS_KEY_FILE: room.key });
    expect(bus.connected()).toBe(true);
    await bus.close();
    const stranger = await theirs.certify('relay');
    const refused = { code: 'bus-refused', message: expect.stringContaining('NATS_TLS_CERT') };
    await Promise.all([
      expect(connectWith(nats, { NATS_TLS_CA_FILE: ours.ca })).rejects.toMatchObject(refused),
      expect(connectWith(nats, { NATS_TLS_CA_FILE: ours.ca, NATS_TLS_CERT_FILE: stranger.cert, NATS_TLS_KEY_FILE: stranger.key })).rejects.toMatchObject(refused),
    ]);
  });

  it('is not made in plain text to a server that offers no TLS, when it should be encrypted', async () => {
    const nats = await startTestNats();
    running.push(nats);
    await expect(connectWith(nats, { NATS_TLS_CA_FILE: ours.ca })).rejects.toMatchObject({ code: 'bus-refused', message: expect.stringContaining('offers no TLS') });
  });
});
