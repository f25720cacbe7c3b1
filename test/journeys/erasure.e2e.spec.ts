import { spawn, type ChildProcess } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HubEvent } from '#contract';
import { freePort } from '#embedded';
import { openDatabase, migrate } from '#event-log';
import { eventsOfSubject, migrateReadModels } from '#read-models';
import { scratchFolder, waitFor } from '#testkit';
import { migrateVault, openMasterKeys, openPeople } from '#vault';
import type { Running } from '../../apps/standalone/running-file.ts';
import { PROJECT_ROOT } from '../harness/project-root.ts';
import { startTalkativePartner, type TalkativePartner } from '../harness/talkative-partner.ts';

const drawn = randomBytes(6).toString('hex');

/** A person, and nobody else: none of this may be found anywhere but where the person's key is. */
const ADA = { name: `Adalovelace${drawn}`, email: `ada.${drawn}@example.com`, customer: `customer-${drawn}`, street: `Analytical${drawn} Row` };
const BOB = { name: `Babbage${drawn}`, email: `bob.${drawn}@example.com`, customer: `other-${drawn}`, street: `Difference${drawn} Lane` };

const MANIFEST = `
version: 1
integrations:
  - partner: generic
    name: shop
    webhook:
      secrets: [secret-of-the-shop]
      signature: { kind: hmac, algorithm: sha256, encoding: hex, signature: { header: x-signature }, signed: '{body}' }
      keepHeaders: [x-customer]
    personal:
      only:
        - { kind: email, path: customer.email }
        - { kind: customer, path: customer.id }
  - { partner: http, name: crm, settings: { baseUrl: '\${CRM_URL}' } }
routes:
  - name: order
    on: generic.shop.inbound.order
    when: { body.customer.name: { $exists: true } }
    to:
      - { name: done, do: http.crm.send, with: '{ "url": "/people/" & body.customer.id, "json": body }', recipients: [{ kind: email, path: json.customer.email }] }
      - { name: later, do: http.crm.send, with: '{ "url": "/fail/503", "json": { "text": body.customer.name & " of " & body.customer.street } }' }
      - { name: refused, do: http.crm.send, with: '{ "url": "/fail/422", "json": body }' }
      - { name: dropped, do: http.crm.send-once, with: '{ "url": "/drop", "json": body }' }
      - { name: unmapped, do: http.crm.send, with: '$error("what is " & body.customer.name & " at " & body.customer.email & "?")' }
consent:
  - { name: out, on: generic.shop.inbound.unsubscribed, identifier: { kind: email, path: customer.email }, means: suppress }
`;

/** The partner knows these people, and says more than it was told. */
const everythingAbout = (request: string): string =>
  [ADA, BOB].filter(({ name, customer }) => request.includes(name) || request.includes(customer)).map(({ name, email, street, customer }) => `${name} <${email}> of ${street} is ${customer}.`).join(' ');

let dataDir: string;
let backupDir: string;
let partner: TalkativePartner;
let child: ChildProcess;
let said = '';
let running: Running;
let key: string;
let owner: pg.Client;

beforeAll(async () => {
  [dataDir, backupDir] = await Promise.all([scratchFolder('erasure'), scratchFolder('erasure-backup')]);
  await chmod(backupDir, 0o777);
  partner = await startTalkativePartner(everythingAbout);
  await writeFile(join(dataDir, 'trunkline.yaml'), MANIFEST);
  const [ingest, console_, sandbox] = await Promise.all([freePort(), freePort(), freePort()]);
  const env = {
    PATH: process.env['PATH'], HOME: process.env['HOME'], TRUNKLINE_NATS_SOURCE: process.env['TRUNKLINE_NATS_SOURCE'], TRUNKLINE_DATA_DIR: dataDir, TRUNKLINE_MANIFEST: join(dataDir, 'trunkline.yaml'),
    INGEST_PORT: String(ingest), CONSOLE_PORT: String(console_), SANDBOX_PORT: String(sandbox), CRM_URL: partner.url, LOG_LEVEL: 'trace', CONNECTOR_BACKOFF_BASE_MS: '50', CONNECTOR_MAX_ATTEMPTS: '2',
  };
  child = spawn(process.execPath, ['dist/apps/standalone/main.js'], { cwd: PROJECT_ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await waitFor(() => said.includes('Trunkline is ready') || child.exitCode !== null, { what: 'the hub', withinMs: 120_000 });
  if (child.exitCode !== null) throw new Error(said);
  running = await waitFor(async () => JSON.parse(await readFile(join(dataDir, 'running.json'), 'utf8')) as Running);
  key = / {2}key {8}(tl_\w+)/.exec(said)![1]!;
  owner = new pg.Client({ connectionString: running.databaseUrl });
  owner.on('error', () => undefined);
  await owner.connect();
}, 240_000);

const stop = async (): Promise<void> => {
  await owner?.end().catch(() => undefined);
  if (child === undefined || child.exitCode !== null) return;
  const gone = once(child, 'close');
  child.kill('SIGINT');
  await gone;
};
afterAll(async () => {
  await stop();
  await partner?.stop();
  await Promise.all([rm(dataDir, { recursive: true, force: true }), rm(backupDir, { recursive: true, force: true })]);
}, 60_000);

const send = async (order: number, { name, email, customer, street }: typeof ADA, type = 'order'): Promise<{ eventId: string; correlationId: string }> => {
  const body = JSON.stringify({ type, order, customer: { id: customer, name, email, street } });
  const headers = { 'content-type': 'application/json', 'x-customer': `${name} ${email}`, 'x-signature': createHmac('sha256', 'secret-of-the-shop').update(body).digest('hex') };
  const answer = await fetch(`${running.ingestUrl}/webhooks/generic/shop`, { method: 'POST', body, headers });
  expect(answer.status).toBe(202);
  return (await answer.json()) as { eventId: string; correlationId: string };
};

const ask = async (path: string, body?: object): Promise<any> => {
  const headers = { authorization: `Bearer ${key}`, ...(body && { 'content-type': 'application/json' }) };
  const answer = await fetch(`${running.consoleUrl}${path}`, body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers });
  return { status: answer.status, ...((await answer.json()) as object) };
};

const byMail = ({ email }: typeof ADA) => ({ kind: 'email', value: email });
const counts = async (): Promise<any> => (await ask('/v1/integrations')).items.find(({ partner: name }: any) => name === 'http').status.counts;

/** As bytes may have been written: as they are, in hex, and in base64 at each of its three alignments. */
const forms = (text: string): Buffer[] => {
  const base64 = [0, 1, 2].map((shift) => Buffer.concat([Buffer.alloc(shift), Buffer.from(text)]).toString('base64').slice(shift === 0 ? 0 : shift + 1, -4));
  return [text, text.toLowerCase(), encodeURIComponent(text), Buffer.from(text).toString('hex'), ...base64].map((form) => Buffer.from(form));
};

const search = async (file: string, wanted: readonly Buffer[]): Promise<boolean> => {
  const longest = Math.max(...wanted.map(({ length }) => length));
  let tail = Buffer.alloc(0);
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    const window = Buffer.concat([tail, chunk]);
    if (wanted.some((form) => window.includes(form))) return true;
    tail = window.subarray(-longest);
  }
  return false;
};

/** Files below these folders that hold any of these texts in any form. */
const sightings = async (folders: readonly string[], texts: readonly string[]): Promise<string[]> => {
  const wanted = texts.flatMap(forms);
  const found: string[] = [];
  for (const folder of folders) {
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      const file = join(entry.parentPath, entry.name);
      if (entry.isFile() && (await search(file, wanted))) found.push(file);
    }
  }
  return found;
};

/** Every table of a schema as the server writes it down, each into a file of its own: what pg_dump does, which the embedded server comes without. */
const dump = async (schema: string, folder: string): Promise<void> => {
  await mkdir(folder);
  await chmod(folder, 0o777);
  const { rows } = await owner.query<{ name: string }>(`select relname as name from pg_class where relnamespace = $1::regnamespace and relkind in ('r', 'p') and not relispartition`, [schema]);
  for (const { name } of rows) await owner.query(`copy (select * from ${schema}.${name}) to '${join(folder, name)}' (format binary)`);
};

const restore = async (client: pg.Client, schema: string, folder: string): Promise<void> => {
  const names = await readdir(folder);
  // As pg_restore does with data alone: what triggers would add is in the dump.
  await client.query(`set session_replication_role = replica; truncate ${names.map((name) => `${schema}.${name}`).join(', ')}`);
  for (const name of names) await client.query(`copy ${schema}.${name} from '${join(folder, name)}' (format binary)`);
};

/** What a hub would show of a person that was made of these two backups. */
const restored = async (subject: string, data: string, keys: string): Promise<(string | undefined)[]> => {
  const name = `restored_${randomBytes(4).toString('hex')}`;
  await owner.query(`create database ${name}`);
  const url = new URL(running.databaseUrl);
  url.pathname = `/${name}`;
  for (const prepare of [migrate, migrateReadModels, migrateVault]) await prepare(url.href);
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  await restore(client, 'public', data);
  await restore(client, 'people', keys);
  await client.end();
  const db = openDatabase({ url: url.href, applicationName: 'restored', max: 2 });
  const people = openPeople(db, openMasterKeys(await readFile(join(dataDir, 'master-keys'), 'utf8')));
  const shown: (string | undefined)[] = [];
  for await (const events of eventsOfSubject(db, subject) as AsyncGenerator<HubEvent[]>) {
    shown.push(...(await people.openEvents(events.filter(({ type }) => type.startsWith('inbound.')))).map((one) => one?.event.data.toString()));
  }
  await people.close();
  await db.close();
  return shown;
};

let flows: { eventId: string; correlationId: string }[];
let bobs: { eventId: string; correlationId: string };
let subject: string;
let before: { counts: any; timeline: any[] };

describe('a person who is erased', () => {
  it('was all the way through the hub: carried out, failed, dead-lettered, uncertain', async () => {
    flows = [await send(1, ADA), await send(2, ADA)];
    bobs = await send(3, BOB);
    const settled = async () => {
      const { items } = await ask('/v1/commands?limit=100');
      return items.length === 15 && items.every(({ state }: any) => ['succeeded', 'dead', 'uncertain'].includes(state));
    };
    await waitFor(settled, { what: 'fifteen commands to be settled', withinMs: 90_000, everyMs: 250 });
    expect(partner.heard()).toContain(ADA.email);
    before = { counts: await counts(), timeline: (await ask(`/v1/timelines/${flows[0]!.correlationId}`)).items };
    expect(before.timeline).toHaveLength(1 + 5 + 6); // the event, its commands, and their attempts, of which one was a retry
  }, 120_000);

  it('is seen by the console and the export, in the clear', async () => {
    expect(await ask(`/v1/events/${flows[0]!.eventId}`)).toMatchObject({ body: { value: { customer: { name: ADA.name } } }, headers: { 'x-customer': `${ADA.name} ${ADA.email}` } });
    ({ subject } = await ask('/v1/people/find', byMail(ADA)));
    expect((await ask('/v1/people/find', { kind: 'customer', value: ADA.customer, account: 'generic.shop' })).subject).toBe(subject);
    const { events } = await ask('/v1/people/export', { subject });
    expect(events).toHaveLength(2 * (1 + 6));
    expect(JSON.stringify(events[0])).toContain(ADA.street);
    expect(events.flatMap((one: any) => one.body.command?.input ?? [])).toHaveLength(6); // the mappings that failed gave none
  });

  it('stays in backups of the data without being readable there', async () => {
    await dump('public', join(backupDir, 'data'));
    await dump('people', join(backupDir, 'keys-before'));
    expect((await restored(subject, join(backupDir, 'data'), join(backupDir, 'keys-before'))).map((body) => body?.includes(ADA.name))).toEqual([true, true]);
  }, 60_000);

  it('is nowhere any more, and what happened still adds up', async () => {
    expect(await ask('/v1/people/erase', byMail(ADA))).toMatchObject({ status: 200, subject, identifiers: 2, scoured: true });
    await waitFor(async () => (await ask(`/v1/events/${flows[0]!.eventId}`)).erased === true, { what: 'the console to hear of it' });
    expect((await ask('/v1/people/find', byMail(ADA))).status).toBe(404);
    const exported = await ask('/v1/people/export', { subject });
    expect(exported.events.filter((one: any) => one.erased)).toHaveLength(2);
    expect(await counts()).toEqual(before.counts);
    const steps = (items: any[]) => items.map(({ kind, commandId, outcome, state }) => [kind, commandId, outcome, state]);
    expect(steps((await ask(`/v1/timelines/${flows[0]!.correlationId}`)).items)).toEqual(steps(before.timeline));
    expect((await ask(`/v1/events/${bobs.eventId}`)).body.value.customer.name).toBe(BOB.name);
  });

  it('is not sent to anybody by a command that is asked for again', async () => {
    const heard = partner.heard().length;
    const { commandId } = before.timeline.find(({ target, kind }) => kind === 'command' && target === 'refused');
    expect((await ask(`/v1/dead-letters/${commandId}/redrive`, {})).status).toBe(202);
    await waitFor(async () => (await ask(`/v1/commands/${commandId}`)).state === 'skipped', { what: 'the command to be skipped', withinMs: 20_000 });
    expect((await ask(`/v1/commands/${commandId}`)).attemptsMade.at(-1)).toMatchObject({ outcome: 'skipped', failure: { code: 'erased' } });
    expect(partner.heard().length).toBe(heard);
  }, 30_000);

  it('is told apart from one who only wants no messages: nothing goes to him, and all of it can still be read', async () => {
    const { eventId } = await send(4, BOB, 'unsubscribed');
    await waitFor(async () => (await ask('/v1/people/find', byMail(BOB))).suppression?.source === `event:${eventId}`, { what: 'the list to have him', withinMs: 20_000 });
    const { correlationId } = await send(5, BOB);
    const steps = async (): Promise<any[]> => (await ask(`/v1/timelines/${correlationId}`)).items ?? [];
    const done = await waitFor(async () => (await steps()).find(({ target, outcome }) => target === 'done' && outcome), { what: 'the command to be settled', withinMs: 20_000 });
    expect(done).toMatchObject({ outcome: 'skipped', failure: { code: 'suppressed' }, words: expect.stringContaining('wants no messages') });
    await waitFor(async () => (await steps()).some(({ target, outcome }) => target === 'refused' && outcome === 'dead-lettered'), { what: 'the others to go out', withinMs: 20_000 });
  }, 90_000);

  it('is not brought back by an old backup of the data with the newest keys', async () => {
    await dump('people', join(backupDir, 'keys'));
    await rm(join(backupDir, 'keys-before'), { recursive: true });
    expect(await restored(subject, join(backupDir, 'data'), join(backupDir, 'keys'))).toEqual([undefined, undefined]);
  }, 60_000);

  it('is in no file of the database, of its write-ahead log, of JetStream and of the backup, and in no line that was printed', async () => {
    await stop();
    await writeFile(join(backupDir, 'printed'), said);
    const texts = [ADA.name, ADA.email, ADA.customer, ADA.street, BOB.name, BOB.email];
    expect(await sightings([dataDir, backupDir], texts)).toEqual([]);
    expect(said).toContain('"outcome":"dead-lettered"');
    expect(said).toContain('[personal]');
  }, 120_000);

  it('would have been found', async () => {
    await mkdir(join(backupDir, 'planted'));
    const planted = [ADA.name, `x${Buffer.from(`xy{"name":"${ADA.name}"}`).toString('base64')}`, `${Buffer.from(`1${ADA.email}2`).toString('hex')}`, Buffer.from(`z${ADA.street}`).toString('base64')];
    for (const [index, text] of planted.entries()) await writeFile(join(backupDir, 'planted', String(index)), Buffer.concat([randomBytes((1 << 20) - 5), Buffer.from(text)]));
    expect(await sightings([join(backupDir, 'planted')], Object.values(ADA))).toHaveLength(4);
  });
});
