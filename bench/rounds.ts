type Contenders<K extends string, T> = Partial<Record<K, (round: number) => Promise<T>>>;

/**
 * Runs the contenders in turn, round by round, every other round in reverse: whatever else the machine does meets all of them.
 */
export const alternate = async <K extends string, T>(rounds: number, contenders: Contenders<K, T>, onRound?: (round: number, name: K, result: T) => void): Promise<Record<K, T[]>> => {
  const names = Object.keys(contenders) as K[];
  const results = Object.fromEntries(names.map((name) => [name, [] as T[]])) as Record<K, T[]>;
  for (let round = 0; round < rounds; round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const result = await contenders[name]!(round);
      results[name].push(result);
      onRound?.(round, name, result);
    }
  }
  return results;
};
