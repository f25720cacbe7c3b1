import type { Metric } from './metric.ts';

type Labels = Readonly<Record<string, string>>;

/** What is kept of one metric under one set of labels. */
export type Cell<Value> = { readonly labels: Labels; value: Value };

/** Sets of labels that one metric may have; what comes after them is kept under `other`. */
export const MOST_LABEL_SETS = 5_000;
const OTHER = 'other';

/** One level per label: a look-up needs no string of its own, which would cost more than all the rest. */
type Branch<Value> = Map<string, Branch<Value> | Cell<Value>>;
type Shelf<Value> = { names: readonly string[]; root: Branch<Value>; cells: Cell<Value>[]; fresh: () => Value };

export type Cells<Value> = {
  /** The one cell of these labels; made on first use. Labels that the metric does not have are left out. */
  at(metric: Metric, labels: Labels): Cell<Value>;
  of(metric: Metric): readonly Cell<Value>[];
};

const find = <Value>({ names, root }: Shelf<Value>, labels: Labels): Cell<Value> | undefined => {
  let at: Branch<Value> | Cell<Value> | undefined = root;
  for (const name of names) {
    at = (at as Branch<Value>).get(labels[name]!);
    if (at === undefined) return undefined;
  }
  return at as Cell<Value>;
};

const add = <Value>({ names, root, cells, fresh }: Shelf<Value>, labels: Labels): Cell<Value> => {
  const cell: Cell<Value> = { labels: Object.fromEntries(names.map((name) => [name, labels[name]!])), value: fresh() };
  let branch = root;
  names.forEach((name, i) => {
    const next = i === names.length - 1 ? cell : (branch.get(labels[name]!) ?? new Map<string, Branch<Value> | Cell<Value>>());
    branch.set(labels[name]!, next);
    branch = next as Branch<Value>;
  });
  cells.push(cell);
  return cell;
};

/**
 * Values by metric and labels: to record one is a look into a few maps and an addition, a tenth of what it costs to record it with the
 * SDK (docs/decisions/0051). Memory is bounded. `fresh` makes what a cell begins with.
 */
export const createCells = <Value>(fresh: (metric: Metric) => Value, most = MOST_LABEL_SETS): Cells<Value> => {
  const shelves = new Map<Metric, Shelf<Value>>();
  const shelfOf = (metric: Metric): Shelf<Value> => {
    const known = shelves.get(metric);
    if (known !== undefined) return known;
    const shelf: Shelf<Value> = { names: Object.keys(metric.labels), root: new Map(), cells: [], fresh: () => fresh(metric) };
    shelves.set(metric, shelf);
    return shelf;
  };
  return {
    at: (metric, labels) => {
      const shelf = shelfOf(metric);
      if (shelf.names.length === 0) return shelf.cells[0] ?? add(shelf, labels);
      const known = find(shelf, labels);
      if (known !== undefined) return known;
      if (shelf.cells.length < most) return add(shelf, labels);
      const others = Object.fromEntries(shelf.names.map((name) => [name, OTHER]));
      return find(shelf, others) ?? add(shelf, others);
    },
    of: (metric) => shelfOf(metric).cells,
  };
};
