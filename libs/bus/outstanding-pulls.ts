/** What was asked of the server and has not come yet. */
export type OutstandingPulls = {
  /** Messages that may still come. */
  asked(): number;
  /** A request for `batch` messages went out; `lost` is called when nothing ends it in time. */
  begin(token: string, batch: number, lost: () => void): void;
  /** A message came. It carries its own subject, not its pull's; the server serves pulls in the order in which they came. */
  delivered(): void;
  /** The server ended a pull before it was filled. */
  end(token: string): void;
  endAll(): void;
};

type Pull = { left: number; timer: NodeJS.Timeout };

/** Counts what is on its way. A pull that has not ended after `lostAfterMs` went down with its server. */
export const trackPulls = (lostAfterMs: number): OutstandingPulls => {
  const pulls = new Map<string, Pull>();
  let asked = 0;

  const end = (token: string): void => {
    const pull = pulls.get(token);
    if (pull === undefined) return;
    clearTimeout(pull.timer);
    pulls.delete(token);
    asked -= pull.left;
  };
  return {
    asked: () => asked,
    begin: (token, batch, lost) => {
      const timer = setTimeout(() => {
        end(token);
        lost();
      }, lostAfterMs);
      pulls.set(token, { left: batch, timer });
      asked += batch;
    },
    delivered: () => {
      const oldest = pulls.entries().next().value;
      if (oldest === undefined) return;
      const [token, pull] = oldest;
      pull.left -= 1;
      asked -= 1;
      if (pull.left === 0) end(token);
    },
    end,
    endAll: () => {
      for (const token of pulls.keys()) end(token);
    },
  };
};
