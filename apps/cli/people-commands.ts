import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { loadConfig } from '#boot';
import { HubError } from '#contract';
import { openDatabase, type Database } from '#event-log';
import { eventsOfSubject, summariseSubject } from '#read-models';
import {
  decideSuppression, erasePerson, exportPerson, findPerson, openMasterKeys, openPeople, recordExport, type IdentifierRef, type People, type Person, type SuppressionState,
} from '#vault';
import { acting } from './acting.ts';
import type { CliCommand, CliOption, CliTools, GivenOptions, Report } from './cli-command.ts';
import { cliConfig } from './cli.config.ts';

type Office = { db: Database; people: People };

const withPeople = async (env: NodeJS.ProcessEnv | undefined, work: (office: Office) => Promise<Report>): Promise<Report> => {
  const { databaseUrl, masterKeys } = loadConfig(cliConfig, env);
  const db = openDatabase({ url: databaseUrl, applicationName: 'trunkline-cli', role: 'trunkline_operator', max: 1, timeoutMs: 60_000 });
  const people = openPeople(db, openMasterKeys(masterKeys));
  try {
    return await work({ db, people });
  } finally {
    await people.close();
    await db.close();
  }
};

/** A value on the command line stays in the shell's history: `-` asks for it, or reads it from standard input. */
const valueOf = (text: string, tools: CliTools): Promise<string> | string => (text === '-' ? tools.readSecret('Identifier (not shown): ') : text);

type Asked = { given: GivenOptions; tools: CliTools };

const identifierOf = async ({ given, tools }: Asked): Promise<IdentifierRef> => ({
  kind: given['kind']?.[0] ?? '',
  value: await valueOf(given['value']?.[0] ?? '', tools),
  account: given['account']?.[0],
  tenant: given['tenant']?.[0] ?? 'default',
});

const refOf = async (asked: Asked): Promise<IdentifierRef | { subject: string }> => {
  const { given } = asked;
  const [subject] = given['subject'] ?? [];
  if (subject !== undefined) {
    if (!/^[0-9a-f-]{36}$/.test(subject)) throw new HubError('validation-failed', '--subject takes the UUID that people find printed.');
    return { subject };
  }
  if (given['kind'] === undefined || given['value'] === undefined) throw new HubError('validation-failed', 'Say who: --kind email --value ada@example.com, or --subject <id>.');
  return identifierOf(asked);
};

const personOf = async ({ db, people }: Office, asked: Asked): Promise<Person> => {
  const person = await findPerson(db, people, await refOf(asked));
  if (person === undefined) throw new HubError('not-found', 'Nobody is known by this. Check kind, account and tenant; who was erased is found by their subject alone.');
  return person;
};

const runFind = async (office: Office, asked: Asked): Promise<Report> => {
  const person = await personOf(office, asked);
  const summary = await summariseSubject(office.db, person.subject);
  const state = person.erasedAt === undefined ? `found by ${person.kinds.join(', ')}` : `erased ${person.erasedAt}`;
  const also = summary.others.length === 0 ? [] : [`Others in the same events, perhaps the same person: ${summary.others.join(', ')}`];
  return { lines: [`${person.subject}  tenant ${person.tenant}  since ${person.since}  ${state}  ${summary.events} events and reports`, ...also], data: { ...person, ...summary } };
};

const runExport = async (office: Office, asked: Asked): Promise<Report> => {
  const person = await personOf(office, asked);
  const file = asked.given['to']![0]!;
  await recordExport(office.db, person, acting());
  await pipeline(Readable.from(exportPerson(office.people, person, eventsOfSubject(office.db, person.subject))), createWriteStream(file, { mode: 0o600, flags: 'wx' }));
  return { lines: [`Everything about ${person.subject} is in ${file}.`], data: { subject: person.subject, file } };
};

const runErase = async (office: Office, asked: Asked): Promise<Report> => {
  const { subject } = await personOf(office, asked);
  const erased = await erasePerson(office.db, subject, acting());
  const left = erased.scoured ? [] : ['Bytes of the key may be left in the table’s file until its owner runs: vacuum (full) people.subjects, people.subject_identifiers;'];
  return { lines: [`Erased ${subject} at ${erased.at}: nothing about them can be read any more.`, 'Replace the backup of the keys now, so that no older one brings the key back.', ...left], data: erased };
};

const runDecide = async ({ db, people }: Office, asked: Asked, state: SuppressionState): Promise<Report> => {
  const said = await decideSuppression(db, people, { ...(await identifierOf(asked)), state }, acting());
  const words = said.state === 'suppressed' ? 'Nothing is sent to this recipient any more' : 'Messages to this recipient go out';
  return { lines: [`${words}, as of ${said.since}.`], data: said };
};

const identifier = (required?: true): Record<string, CliOption> => ({
  kind: { value: 'email|phone|customer|…', required },
  value: { value: 'identifier, or - to be asked', required },
  account: { value: 'partner.integration' },
  tenant: { value: 'tenant' },
});
const person = { ...identifier(), subject: { value: 'id' } };

const one = (about: string, options: Record<string, CliOption>, work: (office: Office, asked: Asked) => Promise<Report>): CliCommand => ({
  about,
  options,
  run: (_none, env, given = {}, tools) => withPeople(env, (office) => work(office, { given, tools: tools! })),
});

/** What can be done about persons, by name. */
export const PEOPLE_COMMANDS: Readonly<Record<string, CliCommand>> = {
  'people find': one('Finds a person by any identifier.', person, runFind),
  'people export': one('Writes everything about a person into a file, as JSON.', { ...person, to: { value: 'file', required: true } }, runExport),
  'people erase': one('Erases a person, for good.', person, runErase),
  'people suppress': one('Sends nothing to a recipient any more.', identifier(true), (office, asked) => runDecide(office, asked, 'suppressed')),
  'people allow': one('Lets messages to a recipient out again.', identifier(true), (office, asked) => runDecide(office, asked, 'allowed')),
};
