import { PassThrough, Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { readSecret } from './read-secret.ts';

const screen = () => {
  const shown = new PassThrough();
  return { shown, all: () => String(shown.read() ?? '') };
};

it('takes all of standard input, without the newlines at its end', async () => {
  const { shown, all } = screen();
  expect(await readSecret(Readable.from(['-----BEGIN\n', 'KEY-----\r\n\n']), shown, 'Value: ')).toBe('-----BEGIN\nKEY-----');
  expect(all()).toBe('');
  await expect(readSecret(Readable.from(['x'.repeat(1_000_001)]), shown, 'Value: ')).rejects.toMatchObject({ code: 'validation-failed' });
});

it('asks on a terminal and does not show what is typed', async () => {
  const { shown, all } = screen();
  const keyboard = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => keyboard });
  const asked = readSecret(keyboard, shown, 'Value: ');
  keyboard.write('hush hush\r');
  expect(await asked).toBe('hush hush');
  expect(all()).toBe('Value: \n');
});

it('stores nothing when it is stopped', async () => {
  const keyboard = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => keyboard });
  const asked = readSecret(keyboard, screen().shown, 'Value: ');
  keyboard.write('hus\u0003');
  await expect(asked).rejects.toThrow('Nothing was stored.');
});
