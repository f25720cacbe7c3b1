import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest';
import { scratchFolder } from '#testkit';
import { choice, flag, integer, text } from './config-fields.ts';
import { defineConfig, describeConfig, loadConfig, printConfig, type ConfigOf } from './config.ts';

const schema = defineConfig('kitchen', {
  databaseUrl: text({ env: 'DATABASE_URL', secret: true, about: 'Where recipes are kept.' }),
  natsUrl: text({ env: 'NATS_URL', default: 'nats://cook:salt@127.0.0.1:4222', about: 'Where orders come from.' }),
  ovens: integer({ env: 'OVENS', default: 2, min: 1, max: 8, about: 'How many there are.' }),
  open: flag({ env: 'OPEN', default: true, about: 'Whether guests are let in.' }),
  menu: choice({ env: 'MENU', options: ['summer', 'winter'], default: 'winter', about: 'What is cooked.' }),
});

describe('loadConfig', () => {
  it('reads typed values, and takes the default for what is unset or empty', () => {
    const config = loadConfig(schema, { DATABASE_URL: 'postgres://here', OVENS: '4', OPEN: '', MENU: 'summer' });
    expectTypeOf(config).toEqualTypeOf<{ databaseUrl: string; natsUrl: string; ovens: number; open: boolean; menu: 'summer' | 'winter' }>();
    expect(config).toEqual({ databaseUrl: 'postgres://here', natsUrl: 'nats://cook:salt@127.0.0.1:4222', ovens: 4, open: true, menu: 'summer' });
  });

  it('names every problem at once, and shows no secret', () => {
    const load = () => loadConfig(schema, { OVENS: 'many', OPEN: 'maybe', MENU: 'spring' });
    expect(load).toThrow(expect.objectContaining({ code: 'config-invalid' }));
    expect(load).toThrow(/DATABASE_URL is required[^]*OVENS must be a whole number from 1 to 8, and is "many"[^]*OPEN must be true or false[^]*MENU must be one of summer, winter/);
  });

  it.each(['0', '9', '1.5', '1e1', '0x2', ''.padEnd(30, '9')])('does not take %j for a number of ovens', (ovens) => {
    expect(() => loadConfig(schema, { DATABASE_URL: 'x', OVENS: ovens })).toThrow('OVENS must be');
  });

  it.each([['1', true], ['yes', true], ['TRUE', true], ['0', false], ['off', false]])('takes %j for %j', (given, open) => {
    expect(loadConfig(schema, { DATABASE_URL: 'x', OPEN: given }).open).toBe(open);
  });
});

describe('a setting from a file', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await scratchFolder('config');
    await writeFile(join(folder, 'url'), 'postgres://here\n');
    await writeFile(join(folder, 'ovens'), 'six-of-them\n');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('is what the file of <NAME>_FILE holds', () => {
    expect(loadConfig(schema, { DATABASE_URL_FILE: join(folder, 'url') }).databaseUrl).toBe('postgres://here');
  });

  it('is a problem when the variable is set too, or the file is not there, or its content does not fit, which is not shown', () => {
    const load = () => loadConfig(schema, { DATABASE_URL: 'x', DATABASE_URL_FILE: join(folder, 'url'), NATS_URL_FILE: join(folder, 'none'), OVENS_FILE: join(folder, 'ovens') });
    expect(load).toThrow(/DATABASE_URL and DATABASE_URL_FILE are both set[^]*NATS_URL_FILE names .*none, which cannot be read \(ENOENT\): Where orders[^]*OVENS must be a whole number from 1 to 8: How/);
    expect(load).not.toThrow('six-of-them');
  });
});

describe('describeConfig', () => {
  it('shows secrets as set or unset, and stars passwords in URLs', () => {
    const config = loadConfig(schema, { DATABASE_URL: 'postgres://user:hush@host/db' });
    expect(describeConfig(schema, config)).toEqual({
      DATABASE_URL: 'set', NATS_URL: 'nats://cook:***@127.0.0.1:4222', OVENS: 2, OPEN: true, MENU: 'winter',
    });
    expect(describeConfig(schema, { ...config, natsUrl: 'nats://token@host:4222' })).toMatchObject({ NATS_URL: 'nats://***@host:4222' });
    expect(describeConfig(schema, { ...config, databaseUrl: '' } satisfies ConfigOf<typeof schema>)).toMatchObject({ DATABASE_URL: 'unset' });
  });

  it('is printed as one line of JSON', () => {
    const lines: string[] = [];
    printConfig(schema, loadConfig(schema, { DATABASE_URL: 'hush' }), (line) => lines.push(line));
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0]!)).toMatchObject({ room: 'kitchen', msg: 'config', config: { OVENS: 2 } });
    expect(lines[0]).not.toContain('hush');
  });
});
