type Needs = { ask(url: string): Promise<boolean>; pause(ms: number): Promise<void>; say(detail: string): void };

/** Asks each room until it is ready, naming those that are not. Rejects with the signal's reason when stopping. */
export const untilReady = ({ ask, pause, say }: Needs) => async (urls: Record<string, string>, stop: AbortSignal): Promise<void> => {
  let waiting = Object.keys(urls);
  let said = '';
  for (;;) {
    stop.throwIfAborted();
    const answers = await Promise.all(waiting.map((name) => ask(`${urls[name]}/health/ready`).catch(() => false)));
    waiting = waiting.filter((_name, index) => !answers[index]);
    if (waiting.length === 0) return;
    const now = `waiting for ${waiting.join(', ')}`;
    if (now !== said) say((said = now));
    await pause(50);
  }
};
