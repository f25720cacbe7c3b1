import { expect, it } from 'vitest';
import { narrowScreen } from './narrow-screen.ts';

const written = (text: string): string => {
  let shown = '';
  narrowScreen({ write: (more) => (shown += more) }, '/tmp/trunkline-demo-x').write(text);
  return shown;
};

it('cuts each line to 80 columns', () => {
  expect(written(`${'x'.repeat(200)}\nshort\n`)).toBe(`${'x'.repeat(79)}…\nshort\n`);
});

it('does not count what moves the cursor or colours', () => {
  const line = `\r\x1b[2K\x1b[32m${'x'.repeat(80)}`;
  expect(written(line)).toBe(line);
});

it('shortens the folder', () => {
  expect(written('data in /tmp/trunkline-demo-x/postgres\n')).toBe('data in …/postgres\n');
});
