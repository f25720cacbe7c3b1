/** How many letters must be added, taken away, changed or swapped with their neighbour. */
const distance = (one: string, other: string): number => {
  let before: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let i = 1; i <= one.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const same = one[i - 1] === other[j - 1];
      row[j] = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) row[j] = Math.min(row[j]!, before[j - 2]! + 1);
    }
    [before, last] = [last, row];
  }
  return last[other.length]!;
};

const MAX_LENGTH = 60;

/** The known word that is most like this one; undefined when none is close. */
export const nearest = (word: string, known: Iterable<string>): string | undefined => {
  const allowed = Math.max(1, Math.floor(word.length / 3));
  const close = [...known]
    .filter((one) => word.length <= MAX_LENGTH && one.length <= MAX_LENGTH)
    .map((one) => ({ one, far: distance(word.toLowerCase(), one.toLowerCase()) }))
    .filter(({ far }) => far <= allowed)
    .sort((a, b) => a.far - b.far);
  return close[0]?.one;
};

/** `did you mean 'x'?` when one of the known words is close, else the known words themselves when they are few. */
export const didYouMean = (word: string, known: Iterable<string>): string => {
  const words = [...known];
  const close = nearest(word, words);
  if (close !== undefined) return `did you mean '${close}'?`;
  if (words.length === 0) return 'there are none';
  return words.length <= 12 ? `there is ${words.join(', ')}` : `there are ${words.length} others`;
};
