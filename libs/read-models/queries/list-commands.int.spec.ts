import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Command } from '#contract';
import { openCommandLedger } from '#event-log';
import { aCommand, anOutcome, appendAll, seededLog, type SeededLog } from '../test/seeded-log.ts';
import { findCommand } from './find-command.ts';
import { groupDeadLetters } from './group-dead-letters.ts';
import { listAttempts } from './list-attempts.ts';
import { listCommands, type CommandFilter } from './list-commands.ts';
import { listDeadLetters } from './list-dead-letters.ts';
import type { DeadLetterFilter } from './set-aside.ts';
import { findStandings } from './find-standings.ts';

let seeded: SeededLog;
const commands: Command[] = [
  aCommand(),
  aCommand({ route: 'bill', partner: 'stripe', integration: 'acme', action: 'create-invoice' }),
  aCommand(),
  aCommand({ route: 'bill' }),
  aCommand(),
];
const failure = { class: 'client' as const, code: 'partner-refused', message: 'channel_not_found' };
const lost = { class: 'transient' as const, code: 'uncertain', message: 'The answer was lost.' };

beforeAll(async () => {
  seeded = await seededLog();
  await appendAll(seeded.log, [
    anOutcome(commands[0]!, 1, 'retrying', { failure, nextAttemptAt: '2026-03-01T12:00:05.000Z' }),
    anOutcome(commands[1]!, 1, 'dead-lettered', { failure }),
    anOutcome(commands[2]!, 1, 'dead-lettered', { failure }),
    anOutcome(commands[3]!, 1, 'uncertain', { failure: lost }),
    anOutcome(commands[4]!, 1, 'succeeded', { answer: { status: 200 } }),
    anOutcome(commands[0]!, 2, 'dead-lettered', { failure }),
  ]);
  await seeded.project();
});
afterAll(() => seeded.end());

const ids = (...indexes: number[]) => indexes.map((index) => commands[index]!.id);

describe('the list of commands', () => {
  it.each<[CommandFilter, number[]]>([
    [{}, [4, 3, 2, 1, 0]],
    [{ state: 'dead' }, [2, 1, 0]],
    [{ state: 'succeeded' }, [4]],
    [{ state: 'running' }, []],
    [{ partner: 'slack' }, [4, 3, 2, 0]],
    [{ partner: 'slack', state: 'dead' }, [2, 0]],
    [{ route: 'bill' }, [3, 1]],
    [{ action: 'create-invoice', integration: 'acme' }, [1]],
  ])('with %j is newest first', async (filter, expected) => {
    expect((await listCommands(seeded.db, filter, { limit: 50 })).items.map((item) => item.id)).toEqual(ids(...expected));
  });

  it('has pages that hold everything once', async () => {
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = await listCommands(seeded.db, { state: 'dead' }, { limit: 1, after });
      seen.push(...page.items.map((item) => item.id));
      after = page.next;
    } while (after !== undefined);
    expect(seen).toEqual(ids(2, 1, 0));
  });
});

describe('dead letters', () => {
  it.each<[DeadLetterFilter, number[]]>([
    [{}, [0, 3, 2, 1]],
    [{ state: 'uncertain' }, [3]],
    [{ cause: 'partner-refused', partner: 'slack' }, [0, 2]],
  ])('with %j begin with the one that was set aside last', async (filter, expected) => {
    expect((await listDeadLetters(seeded.db, filter, { limit: 50 })).items.map((item) => item.id)).toEqual(ids(...expected));
  });

  it('are grouped by cause and place, the most frequent first', async () => {
    const { groups, complete } = await groupDeadLetters(seeded.db, {});
    expect(complete).toBe(true);
    expect(groups.map(({ cause, partner, action, count, example }) => [cause, partner, action, count, example.commandId])).toEqual([
      ['partner-refused', 'slack', 'post-message', 2, commands[0]!.id],
      ['uncertain', 'slack', 'post-message', 1, commands[3]!.id],
      ['partner-refused', 'stripe', 'create-invoice', 1, commands[1]!.id],
    ]);
    expect(groups[0]!.example.message).toBe('channel_not_found');
  });
});

describe('one command', () => {
  it('is what its outcomes say, with each attempt', async () => {
    expect(await findCommand(seeded.db, commands[0]!.id)).toMatchObject({ state: 'dead', attempts: 2, failure, correlationId: commands[0]!.correlationId });
    const attempts = await listAttempts(seeded.db, commands[0]!.id, 2);
    expect(attempts.map(({ attempt, outcome, durationMs }) => [attempt, outcome, durationMs])).toEqual([[1, 'retrying', 12.5], [2, 'dead-lettered', 12.5]]);
    expect(attempts[0]).toMatchObject({ failure, nextAttemptAt: '2026-03-01T12:00:05.000Z' });
  });

  it('is what the ledger says while its first attempt runs', async () => {
    const command = aCommand();
    const ledger = openCommandLedger(seeded.db, { owner: 'test', leaseMs: 60_000 });
    await ledger.claim(command);
    expect(await findCommand(seeded.db, command.id)).toMatchObject({ state: 'running', attempts: 1, eventId: command.eventId });
    expect(await findStandings(seeded.db, [command.id, commands[1]!.id])).toEqual(new Map([[command.id, { state: 'running', attempts: 1 }]]));
    expect(await listAttempts(seeded.db, command.id, 1)).toEqual([]);
  });

  it('is nothing when nobody knows it', async () => {
    expect(await findCommand(seeded.db, aCommand().id)).toBeUndefined();
    expect(await findStandings(seeded.db, [])).toEqual(new Map());
  });
});
