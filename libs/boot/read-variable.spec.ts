import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scratchFolder } from '#testkit';
import { readVariable, watchVariableFiles, withValues } from './read-variable.ts';

let folder: string;
const file = async (name: string, content: string): Promise<string> => {
  await writeFile(join(folder, name), content);
  return join(folder, name);
};
beforeAll(async () => {
  folder = await scratchFolder('variables');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('readVariable', () => {
  it('takes the variable, and counts an empty one as not set', () => {
    expect(readVariable('KEY', { KEY: 'plain' })).toEqual({ value: 'plain' });
    expect(readVariable('KEY', { KEY: '', KEY_FILE: '' })).toEqual({});
    expect(readVariable('KEY', {})).toEqual({});
  });

  it.each([['a newline', 'hush\n'], ['a newline of Windows', 'hush\r\n'], ['several', 'hush\n\n'], ['none', 'hush']])('takes what a file holds, which ends with %s', async (_, content) => {
    const path = await file('key', content);
    expect(readVariable('KEY', { KEY_FILE: path })).toEqual({ value: 'hush', file: path });
  });

  it('keeps the lines and blanks inside a file', async () => {
    expect(readVariable('KEY', { KEY_FILE: await file('pem', ' -----BEGIN\nabc\n-----END \n') }).value).toBe(' -----BEGIN\nabc\n-----END ');
  });

  it('says what is wrong, and names the file', async () => {
    const [empty, nowhere] = [await file('empty', '\n'), join(folder, 'nowhere')];
    expect(readVariable('KEY', { KEY: 'x', KEY_FILE: nowhere })).toEqual({ problem: 'KEY and KEY_FILE are both set; set one of them' });
    expect(readVariable('KEY', { KEY_FILE: empty })).toEqual({ problem: `KEY_FILE names ${empty}, which is empty` });
    expect(readVariable('KEY', { KEY_FILE: nowhere })).toEqual({ problem: `KEY_FILE names ${nowhere}, which cannot be read (ENOENT)` });
    expect(readVariable('KEY', { KEY_FILE: folder })).toEqual({ problem: `KEY_FILE names ${folder}, which cannot be read (EISDIR)` });
  });
});

describe('watchVariableFiles', () => {
  it('tells once of a file that was replaced, made or removed', async () => {
    const [one, two] = [await file('one', 'a'), join(folder, 'two')];
    const moved = watchVariableFiles({ ONE_FILE: one, TWO_FILE: two, OTHER: 'x' });
    expect(await moved()).toBe(false);
    await rename(await file('next', 'b'), one);
    expect([await moved(), await moved()]).toEqual([true, false]);
    await file('two', 'c');
    expect([await moved(), await moved()]).toEqual([true, false]);
    await rm(one);
    expect([await moved(), await moved()]).toEqual([true, false]);
  });
});

describe('withValues', () => {
  it('leaves out the files that would contradict', () => {
    expect(withValues({ A_FILE: '/a', B_FILE: '/b' }, { A: '1' })).toEqual({ A: '1', B_FILE: '/b' });
  });
});
