/** Whether some subject matches both patterns. */
export const patternsOverlap = (one: readonly string[], other: readonly string[]): boolean => {
  for (let at = 0; ; at += 1) {
    const [a, b] = [one[at], other[at]];
    if (a === undefined || b === undefined) return a === b;
    if (a === '>' || b === '>') return true;
    if (a !== b && a !== '*' && b !== '*') return false;
  }
};

/** The narrowest pattern that covers both. */
export const joinPatterns = (one: readonly string[], other: readonly string[]): string[] => {
  const joined: string[] = [];
  for (let at = 0; ; at += 1) {
    const [a, b] = [one[at], other[at]];
    if (a === undefined && b === undefined) return joined;
    if (a === undefined || b === undefined || a === '>' || b === '>') return [...joined, '>'];
    joined.push(a === b ? a : '*');
  }
};
