import type { Budget } from '#read-models';

/** How much of a budget is spent, in a sentence. */
export const describeBudget = ({ spent, calls, percent, per, until }: Budget): string => {
  const sum = `${spent} of ${calls} calls of this ${per} are spent (${percent} %); counted anew from ${until}.`;
  return percent < 100 ? sum : `${sum} It is exceeded, and calls go on: a budget stops nothing.`;
};
