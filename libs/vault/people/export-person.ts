import { HubError, isHubError, isSealed, type Command, type OpenCommand, type CommandReport, type HubEvent } from '#contract';
import type { People } from './open-people.ts';
import type { Person } from './find-person.ts';

/** An event as it is handed out: the body as JSON or text where it is that, else in base64; `erased` where it cannot be read any more, and why where its key cannot be opened. */
type Exported = Omit<HubEvent, 'at' | 'data' | 'schemaVersion'> & ({ body: unknown; encoding: 'json' | 'text' | 'base64' } | { erased: true } | { unreadable: string });

const readJson = (text: string): { value: unknown } | undefined => {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
};

const readText = (data: Buffer): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(data);
  } catch {
    return undefined;
  }
};

const bodyOf = (data: Buffer): { body: unknown; encoding: 'json' | 'text' | 'base64' } => {
  const text = readText(data);
  if (text === undefined) return { body: data.toString('base64'), encoding: 'base64' };
  const json = readJson(text);
  return json === undefined ? { body: text, encoding: 'text' } : { body: json.value, encoding: 'json' };
};

type Opening = Pick<People, 'openEach' | 'openCommand'>;

const openOrSay = async (people: Opening, command: Command): Promise<OpenCommand | object> => {
  try {
    return (await people.openCommand(command)) ?? { ...command, erased: true };
  } catch (error) {
    if (isHubError(error, 'sealed-unreadable')) return { ...command, unreadable: error.message };
    throw error;
  }
};

/** A report that carries its command, with the command's input as it was. */
const withInput = async (people: Opening, body: unknown): Promise<unknown> => {
  const { command } = (body ?? {}) as Partial<CommandReport>;
  if (command === undefined || !isSealed(command as Command)) return body;
  return { ...(body as CommandReport), command: await openOrSay(people, command) };
};

const exported = async (people: Opening, stored: HubEvent, opened: HubEvent | HubError | undefined): Promise<Exported> => {
  const { at: _at, data, schemaVersion: _version, ...facts } = opened === undefined || opened instanceof HubError ? stored : opened;
  if (opened === undefined) return { ...facts, erased: true };
  if (opened instanceof HubError) return { ...facts, unreadable: opened.message };
  const { body, encoding } = bodyOf(data);
  return { ...facts, body: encoding === 'json' ? await withInput(people, body) : body, encoding };
};

/** Everything about a person as the text of one JSON document, piece by piece; `events` is asked for more when the last were handed on. */
export const exportPerson = async function* (people: Opening, person: Person, events: AsyncIterable<HubEvent[]>): AsyncGenerator<string> {
  yield `{"person":${JSON.stringify(person)},"events":[`;
  let first = true;
  for await (const some of events) {
    const opened = await people.openEach(some);
    for (const [index, event] of some.entries()) {
      const one = opened[index];
      yield `${first ? '' : ','}\n${JSON.stringify(await exported(people, event, one instanceof HubError ? one : one?.event))}`;
      first = false;
    }
  }
  yield '\n]}\n';
};
