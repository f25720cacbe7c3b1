import { createInterface } from 'node:readline/promises';
import { Writable, type Readable } from 'node:stream';
import { HubError } from '#contract';

type Terminal = Readable & { isTTY?: boolean };

/** Far more than anything that is secret. */
const LONGEST = 1_000_000;

const readAll = async (input: Readable): Promise<string> => {
  let text = '';
  for await (const chunk of input.setEncoding('utf8')) {
    text += String(chunk);
    if (text.length > LONGEST) throw new HubError('validation-failed', 'Standard input holds more than a secret can.');
  }
  return text;
};

/** What is typed goes nowhere but here. */
const askHidden = async (input: Readable, screen: Writable, prompt: string): Promise<string> => {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input, output: nowhere, terminal: true, historySize: 0 });
  const stopped = new AbortController();
  lines.on('SIGINT', () => stopped.abort());
  screen.write(prompt);
  try {
    return await lines.question('', { signal: stopped.signal });
  } catch (cause) {
    throw new HubError('validation-failed', 'Nothing was stored.', { cause });
  } finally {
    lines.close();
    screen.write('\n');
  }
};

/** A text that nobody may see: all of standard input, without the newlines at its end; on a terminal, one line that is not shown. */
export const readSecret = async (input: Terminal, screen: Writable, prompt: string): Promise<string> =>
  (input.isTTY ? await askHidden(input, screen, prompt) : await readAll(input)).replace(/[\r\n]+$/, '');
