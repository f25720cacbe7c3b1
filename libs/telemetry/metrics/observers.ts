import type { LabelsOf, Metric } from './metric.ts';

/** Takes one value of a gauge, or the total of a counter that something else keeps. */
export type Put = <M extends Metric<'gauge' | 'counter'>>(metric: M, labels: LabelsOf<M>, value: number) => void;

/** Reads values when somebody looks at them. */
export type Read = (put: Put) => void | Promise<void>;

/** A value that was read. */
export type Reading = { metric: Metric; labels: Readonly<Record<string, string>>; value: number };

export type Observers = {
  /** Reads at every look from now on, until the returned function is called. */
  add(read: Read): () => void;
  /** All readings, after `withinMs` at the latest. What is late or fails is left out: its values are absent, not old. */
  readAll(): Promise<Reading[]>;
};

type Observer = { read: Read; underWay: boolean };

const readInto = async (readings: Reading[], observer: Observer): Promise<void> => {
  // A server that hangs is asked once, not once per look.
  if (observer.underWay) return;
  observer.underWay = true;
  try {
    await observer.read((metric, labels, value) => readings.push({ metric, labels, value }));
  } catch {
    // Absent values say it: whoever looks must not be refused the other ones.
  } finally {
    observer.underWay = false;
  }
};

const readWithin = async (ms: number, observer: Observer): Promise<Reading[]> => {
  const readings: Reading[] = [];
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
  await Promise.race([readInto(readings, observer), late]).finally(() => clearTimeout(timer));
  return [...readings];
};

/** Keeps what is read only when somebody looks. */
export const createObservers = (withinMs: number): Observers => {
  const observers = new Set<Observer>();
  return {
    add: (read) => {
      const observer = { read, underWay: false };
      observers.add(observer);
      return () => void observers.delete(observer);
    },
    readAll: async () => (await Promise.all([...observers].map((observer) => readWithin(withinMs, observer)))).flat(),
  };
};
