const MAX_DEPTH = 100;
/** As UTF-8. A message with it and its headers must stay under the bus's 2 MiB. */
const MAX_BYTES = 1_900_000;
/** No character takes more bytes than `\u0000`. */
const WORST_BYTES = 6;

type Budget = { characters: number };

const tooLarge = `it is larger than ${MAX_BYTES} bytes; send less`;

const spend = (budget: Budget, characters: number): void => {
  budget.characters -= characters;
  if (budget.characters < 0) throw new Error(tooLarge);
};

const copyArray = (list: readonly unknown[], budget: Budget, depth: number): unknown[] => {
  spend(budget, list.length + 2);
  return list.map((item) => copy(item, budget, depth + 1) ?? null);
};

const copyObject = (object: object, budget: Budget, depth: number): Record<string, unknown> => {
  const plain: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(object)) {
    spend(budget, name.length + 4);
    const copied = copy(value, budget, depth + 1);
    if (copied === undefined) continue;
    if (name === '__proto__') Object.defineProperty(plain, name, { value: copied, enumerable: true, writable: true, configurable: true });
    else plain[name] = copied;
  }
  return plain;
};

const copy = (value: unknown, budget: Budget, depth: number): unknown => {
  if (depth > MAX_DEPTH) throw new Error(`it is nested more than ${MAX_DEPTH} deep; make it flatter`);
  if (typeof value === 'string') {
    spend(budget, value.length + 2);
    return value;
  }
  if (value === undefined) return value;
  spend(budget, 4);
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new Error(`it holds ${value}, which JSON cannot write`);
    return value;
  }
  if (typeof value !== 'object') throw new Error(`it holds a ${typeof value}, which JSON cannot write`);
  return Array.isArray(value) ? copyArray(value, budget, depth) : copyObject(value, budget, depth);
};

/**
 * A copy that is JSON and nothing else, at most 100 deep and 1.9 MB; absent members are left out, as JSON does.
 * Throws an Error whose message says what is in the way.
 */
export const plainJson = (value: unknown): unknown => {
  const budget = { characters: MAX_BYTES };
  const plain = copy(value, budget, 0);
  const mayBeTooLarge = (MAX_BYTES - budget.characters) * WORST_BYTES > MAX_BYTES;
  if (mayBeTooLarge && Buffer.byteLength(JSON.stringify(plain)) > MAX_BYTES) throw new Error(tooLarge);
  return plain;
};
