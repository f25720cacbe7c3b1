import type { LogPosition } from '#contract';

/** The most that one page holds. */
export const PAGE_LIMIT = 200;

/** A cursor: a place in the log, as `<tx>.<position>`. Callers treat it as opaque. */
export const CURSOR = /^\d{1,18}\.\d{1,18}$/;

export type PageRequest = { after?: string; limit: number };

/** `next` goes into `?after=` for the page that follows; absent on the last. */
export type Page<Item> = { items: Item[]; next?: string };

export const cursorOf = (place: { tx: string | bigint; position: string | bigint }): string => `${place.tx}.${place.position}`;

/** Reads a cursor that matches `CURSOR`. */
export const placeOf = (cursor: string): LogPosition => {
  const [tx = '0', position = '0'] = cursor.split('.');
  return { tx: BigInt(tx), position: BigInt(position) };
};

/** Makes a page of rows that were asked for with one more than the limit. */
export const pageOf = <Row, Item>(rows: Row[], limit: number, cursor: (row: Row) => string, item: (row: Row) => Item): Page<Item> => {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown.map(item), ...(rows.length > limit && last !== undefined ? { next: cursor(last) } : {}) };
};
