import { describe, expect, it } from 'vitest';
import { showProgress } from './progress.ts';

const screen = (isTTY: boolean) => {
  let shown = '';
  return { isTTY, write: (text: string) => (shown += text), shown: () => shown };
};

describe('showProgress', () => {
  it('writes plain lines where there is no terminal', async () => {
    const paper = screen(false);
    let now = 0;
    const { step } = showProgress(paper, () => now);
    await step('Postgres', async (say) => {
      now = 100;
      say('making the cluster');
      now = 1_500;
      return 5432;
    }, (port) => `port ${port}`);
    expect(paper.shown()).toBe('… Postgres  making the cluster, 0.1 s\n✓ Postgres  port 5432, 1.5 s\n');
  });

  it('changes one line in place on a terminal, and leaves only what came of it', async () => {
    const terminal = screen(true);
    await showProgress(terminal, () => 0).step('NATS', async (say) => say('downloading'));
    const lines = terminal.shown().split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[0]!.split('\x1b[2K').at(-1)).toBe('✓ NATS      0.0 s');
    expect(terminal.shown()).toContain('downloading');
  });

  it('says what it was waiting for when a step fails, and passes the error on', async () => {
    const paper = screen(false);
    const failing = showProgress(paper, () => 0).step('NATS', async (say) => {
      say('looking for nats-server');
      throw new Error('none');
    });
    await expect(failing).rejects.toThrow('none');
    expect(paper.shown()).toContain('✗ NATS      looking for nats-server');
  });
});
