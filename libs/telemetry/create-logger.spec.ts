import { describe, expect, it } from 'vitest';
import { changeLevels } from './change-levels.ts';
import { createLogger } from './create-logger.ts';

const lines = (): { out: Record<string, any>[]; destination: { write(line: string): void } } => {
  const out: Record<string, any>[] = [];
  return { out, destination: { write: (line) => void out.push(JSON.parse(line)) } };
};

describe('createLogger', () => {
  it('writes one JSON line with the room, the level by name and the time in UTC', () => {
    const { out, destination } = lines();
    createLogger('connector', { destination }).info({ commandId: 'c1', attempt: 2 }, 'attempt retrying');
    expect(out).toEqual([{ level: 'info', time: expect.stringMatching(/^\d{4}-.*Z$/), room: 'connector', commandId: 'c1', attempt: 2, msg: 'attempt retrying' }]);
  });

  it("replaces secrets, also in a child's bindings, and leaves the caller's own objects alone", () => {
    const { out, destination } = lines();
    const credentials = { token: 'xoxb-1' };
    createLogger('ingest', { destination }).child({ apiKey: 'key-5' }).warn({
      authorization: 'Bearer 1',
      request: { headers: { authorization: 'Bearer 2', 'set-cookie': 'a=3', accept: 'text/html' } },
      account: { credentials },
      webhook: { secrets: ['whsec_4'] },
    });
    const text = JSON.stringify(out);
    for (const secret of ['Bearer 1', 'Bearer 2', 'a=3', 'xoxb-1', 'whsec_4', 'key-5']) expect(text).not.toContain(secret);
    expect(text).toContain('text/html');
    expect(credentials.token).toBe('xoxb-1');
  });

  it('masks messages, also those that are made of parts or of an error', () => {
    const { out, destination } = lines();
    const logger = createLogger('ingest', { destination, masked: { secret: ['response_url'] } });
    logger.info('mail from ada@example.com');
    logger.info('mail from %s', 'grace@example.com');
    logger.error(new Error('Bearer abc-123-def is not valid'));
    logger.info({ response_url: 'hush', nested: [{ token: 'hush' }] }, 'told');
    expect(out.map(({ msg }) => msg)).toEqual(['mail from [email]', 'mail from [email]', 'Bearer [secret] is not valid', 'told']);
    expect(JSON.stringify(out)).not.toMatch(/hush|abc-123|@example/);
  });

  it('says more while it is told to, and then what was configured', () => {
    const { out, destination } = lines();
    const [plain, talkative] = [createLogger('relay', { destination, level: 'warn' }), createLogger('relay', { destination, level: 'trace' })];
    const say = () => {
      plain.debug('plain debug');
      plain.trace('plain trace');
      talkative.trace('talkative');
      return out.splice(0).map(({ msg }) => msg);
    };
    expect(say()).toEqual(['talkative']);
    expect([changeLevels(), say()]).toEqual(['debug', ['plain debug', 'talkative']]);
    expect([changeLevels(), say()]).toEqual(['trace', ['plain debug', 'plain trace', 'talkative']]);
    expect([changeLevels(), say()]).toEqual(['configured', ['talkative']]);
  });

  it('leaves out what is below its level', () => {
    const { out, destination } = lines();
    createLogger('relay', { destination, level: 'warn' }).info('quiet');
    expect(out).toEqual([]);
  });

  it('shows an error with its stack under `err`', () => {
    const { out, destination } = lines();
    createLogger('relay', { destination }).error({ err: new Error('no stream') }, 'publish failed');
    expect(out[0]!['err']).toMatchObject({ type: 'Error', message: 'no stream', stack: expect.stringContaining('create-logger.spec') });
  });
});
