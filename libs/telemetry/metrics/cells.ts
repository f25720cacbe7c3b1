import type { Metric } from './metric.ts';

type Labels = Readonly<Record<string, string>>;

/** The value of one metric under one set of labels. */
export type Cell = { readonly labels: Labels; value: number };

/** Sets of labels that one metric may have; what comes after them is kept under `other`. */
export const MOST_LABEL_SETS = 5_000;
const OTHER = 'other';

/** One level per label: a look-up needs no string of its own, which would cost more than all the rest. */
type Branch = Map<string, Branch | Cell>;
type Shelf = { names: readonly string[]; root: Branch; cells: Cell[] };

export type Cells = {
  /** The one cell of these labels; made on first use. Labels that the metric does not have are left out. */
  at(metric: Metric, labels: Labels): Cell;
  of(metric: Metric): Iterable<Cell>;
};

const find = ({ names, root }: Shelf, labels: Labels): Cell | undefined => {
  let at: Branch | Cell | undefined = root;
  for (const name of names) {
    at = (at as Branch).get(labels[name]!);
    if (at === undefined) return undefined;
  }
  return at as Cell;
};

const add = ({ names, root, cells }: Shelf, labels: Labels): Cell => {
  const cell: Cell = { labels: Object.fromEntries(names.map((name) => [name, labels[name]!])), value: 0 };
  let branch = root;
  names.forEach((name, i) => {
    const next = i === names.length - 1 ? cell : (branch.get(labels[name]!) ?? new Map<string, Branch | Cell>());
    branch.set(labels[name]!, next);
    branch = next as Branch;
  });
  cells.push(cell);
  return cell;
};

const createShelf = (metric: Metric): Shelf => ({ names: Object.keys(metric.labels), root: new Map(), cells: [] });

/** Values by metric and labels: to record one is a look into a few maps and an addition. Memory is bounded. */
export const createCells = (most = MOST_LABEL_SETS): Cells => {
  const shelves = new Map<Metric, Shelf>();
  const shelfOf = (metric: Metric): Shelf => {
    const known = shelves.get(metric);
    if (known !== undefined) return known;
    const shelf = createShelf(metric);
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
