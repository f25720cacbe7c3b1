/** Where progress is shown. */
export type Screen = { isTTY?: boolean; write(text: string): unknown };

export type Progress = {
  /** Does one long step, saying what it is waiting for while it lasts and what came of it. */
  step<T>(name: string, work: (say: (detail: string) => void) => Promise<T>, outcome?: (result: T) => string): Promise<T>;
  /** One line of its own. */
  line(text: string): void;
};

const PATIENCE_MS = 5_000;
const NAME_WIDTH = 9;
const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** On a terminal, one line per step that changes in place; elsewhere plain lines, and a reminder every 5 s of what is being waited for. */
export const showProgress = (screen: Screen, now: () => number): Progress => {
  const line = (text: string) => void screen.write(`${text}\n`);
  const replace = (text: string) => void screen.write(`\r\x1b[2K${text}`);

  const step: Progress['step'] = async (name, work, outcome = () => '') => {
    const [began, label] = [now(), name.padEnd(NAME_WIDTH)];
    let detail = 'starting';
    const show = () => (screen.isTTY ? replace(`… ${label} ${detail}, ${seconds(now() - began)}`) : line(`… ${label} ${detail}, ${seconds(now() - began)}`));
    const say = (what: string) => {
      detail = what;
      show();
    };
    const reminder = setInterval(show, screen.isTTY ? 200 : PATIENCE_MS);
    if (screen.isTTY) show();
    try {
      const result = await work(say);
      if (screen.isTTY) replace('');
      line(`✓ ${label} ${[outcome(result), seconds(now() - began)].filter(Boolean).join(', ')}`);
      return result;
    } catch (error) {
      if (screen.isTTY) replace('');
      line(`✗ ${label} ${detail}, ${seconds(now() - began)}`);
      throw error;
    } finally {
      clearInterval(reminder);
    }
  };
  return { step, line };
};
