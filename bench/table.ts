import { ratioOf, type Figure, type Spread, type Unit } from './figures.ts';

const digits = (value: number): number => (Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2);

const number = (value: number): string => value.toLocaleString('en-US', { minimumFractionDigits: digits(value), maximumFractionDigits: digits(value) });

const amount = ({ median, min, max, rounds }: Spread, unit: Unit): string => {
  const glue = unit === '/s' ? '' : ' ';
  return rounds.length === 1 ? `${number(median)}${glue}${unit}` : `${number(median)}${glue}${unit} (${number(min)}–${number(max)})`;
};

const verdict = ({ target }: Figure): string => (target === undefined ? '' : `${target.text}: ${target.met ? 'met' : 'FALLS SHORT'}`);

const cells = (figure: Figure): string[] => {
  const ratio = ratioOf(figure);
  return [
    figure.name,
    amount(figure.ours, figure.unit),
    figure.against === undefined ? '' : `${figure.against.name}: ${amount(figure.against, figure.unit)}`,
    ratio === undefined ? '' : `${ratio.toFixed(2)}×`,
    verdict(figure),
  ];
};

const HEAD = ['', 'ours, median (min–max)', 'against', 'ours ÷ that', 'target'];

/** The figures of one scenario as lines of text, what bounds them below each. */
export const tableOf = (title: string, figures: readonly Figure[]): string[] => {
  const rows = [HEAD, ...figures.map(cells)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (row: string[]): string => `  ${row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ')}`.trimEnd();
  const body = figures.flatMap((figure, i) => [line(rows[i + 1]!), ...(figure.notes ?? []).map((note) => `      ${note}`)]);
  return [title, line(HEAD), ...body, ''];
};
