const EVERY_MS = 60_000;

/** Says something that happens again and again, and seldom alone, at most once a minute. */
export const nowAndThen = <About extends unknown[]>(say: (...about: About) => void, nowMs: () => number = () => performance.now()): ((...about: About) => void) => {
  let saidMs = -Infinity;
  return (...about) => {
    if (nowMs() - saidMs < EVERY_MS) return;
    saidMs = nowMs();
    say(...about);
  };
};
