import { expect, it } from 'vitest';
import { fakeClock } from '#testkit';
import { followMasterKeys } from './follow-master-keys.ts';
import { drawMasterKey, openMasterKeys } from './master-keys.ts';

const key = (id: string): string => `${id}:${drawMasterKey(new Date(0)).split(':')[1]}`;
const [old, fresh] = [key('k1'), key('k2')];

const world = () => {
  const clock = fakeClock();
  const file = { text: old as string | undefined, reads: 0 };
  const read = () => {
    file.reads += 1;
    return file.text;
  };
  const heard: string[] = [];
  const onError = (error: unknown) => heard.push((error as Error).message);
  return { clock, file, heard, keys: followMasterKeys(old, { read, nowMs: clock.now, onError }) };
};

it('seals with another key within a second of its being put in front, and reads no more often', async () => {
  const { clock, file, keys } = world();
  file.text = `${fresh},${old}\n`;
  expect([keys.activeId, file.reads]).toEqual(['k1', 0]);
  await clock.advance(1_000);
  expect([keys.activeId, keys.activeId, file.reads]).toEqual(['k2', 'k2', 1]);
});

it('reads at once when it meets something under a key that it does not know', () => {
  const { file, keys } = world();
  const sealed = openMasterKeys(fresh).seal(Buffer.from('hush'), 'a');
  expect(() => keys.open(sealed, 'a')).toThrow('k2, which MASTER_KEYS does not hold');
  file.text = `${old},${fresh}`;
  expect(keys.open(sealed, 'a').toString()).toBe('hush');
  expect(keys.has('k2')).toBe(true);
  expect(keys.has('k3')).toBe(false);
});

it.each([['gone', undefined], ['half written', 'k2:abc'], ['empty', '']])('goes on with the keys that it has when the file is %s', async (_how, text) => {
  const { clock, file, keys } = world();
  const sealed = keys.seal(Buffer.from('hush'), 'a');
  file.text = text;
  await clock.advance(1_000);
  expect(keys.activeId).toBe('k1');
  expect(keys.open(sealed, 'a').toString()).toBe('hush');
});

it('tells once of each text that is wrong, and names no key', async () => {
  const { clock, file, heard, keys } = world();
  const look = async (text: string): Promise<string> => {
    file.text = text;
    await clock.advance(1_000);
    return keys.activeId;
  };
  const bad = 'k2:hush';
  expect([await look(bad), await look(bad), keys.has('k3')]).toEqual(['k1', 'k1', false]);
  expect(heard).toEqual([expect.stringContaining('MASTER_KEYS is not readable at its key number 1')]);
  expect(heard.join()).not.toContain('hush');
  expect([await look(`${old},${old}`), await look(fresh), await look(bad)]).toEqual(['k1', 'k2', 'k2']);
  expect(heard).toHaveLength(3);
});

it('starts with no keys that cannot be read', () => {
  expect(() => followMasterKeys('nonsense', { read: () => undefined, nowMs: () => 0, onError: () => undefined })).toThrow(expect.objectContaining({ code: 'config-invalid' }));
});
