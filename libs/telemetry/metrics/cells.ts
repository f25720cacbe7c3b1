import type { Metric } from './metric.ts';

/** The value of one metric under one set of labels. */
export type Cell = { readonly labels: Readonly<Record<string, string>>; value: number };

/** Sets of labels that one metric may have; what comes after them is kept under `other`. */
export const MOST_LABEL_SETS = 5_000;
const OTHER = 'other';

type Shelf = { names: readonly string[]; cells: Map<string, Cell> };

export type Cells = {
  /** The one cell of these labels; made on first use. Labels that the metric does not have are left out. */
  at(metric: Metric, labels: Readonly<Record<string, string>>): Cell;
  of(metric: Metric): Iterable<Cell>;
};

const keyOf = (names: readonly string[], labels: Readonly<Record<string, string>>): string => {
  let key = '';
  for (const name of names) key += `${labels[name]!}\u0000`;
  return key;
};

/** Values by metric and labels: to record one is a look into a map and an addition. Memory is bounded. */
export const createCells = (most = MOST_LABEL_SETS): Cells => {
  const shelves = new Map<Metric, Shelf>();
  const shelfOf = (metric: Metric): Shelf => {
    const shelf = shelves.get(metric) ?? { names: Object.keys(metric.labels), cells: new Map() };
    shelves.set(metric, shelf);
    return shelf;
  };
  const put = ({ names, cells }: Shelf, labels: Readonly<Record<string, string>>): Cell => {
    const cell = { labels: Object.fromEntries(names.map((name) => [name, labels[name]!])), value: 0 };
    cells.set(keyOf(names, labels), cell);
    return cell;
  };
  const others = (shelf: Shelf): Cell => {
    const labels = Object.fromEntries(shelf.names.map((name) => [name, OTHER]));
    return shelf.cells.get(keyOf(shelf.names, labels)) ?? put(shelf, labels);
  };
  return {
    at: (metric, labels) => {
      const shelf = shelfOf(metric);
      const known = shelf.cells.get(keyOf(shelf.names, labels));
      if (known !== undefined) return known;
      return shelf.cells.size < most ? put(shelf, labels) : others(shelf);
    },
    of: (metric) => shelfOf(metric).cells.values(),
  };
};
