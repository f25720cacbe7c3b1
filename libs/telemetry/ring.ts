/** The last so many items, in constant time: a map that gives up its oldest entry walks over all that it gave up before. */
export type Ring<T> = {
  /** Takes an item, and answers the one that it displaces. */
  push(item: T): T | undefined;
};

export const createRing = <T>(size: number): Ring<T> => {
  const slots: (T | undefined)[] = [];
  let next = 0;
  return {
    push: (item) => {
      if (size === 0) return item;
      const displaced = slots[next];
      slots[next] = item;
      next = (next + 1) % size;
      return displaced;
    },
  };
};
