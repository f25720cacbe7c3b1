/** Objects with more keys than this are checked by a set. */
const FEW_KEYS = 32;

/**
 * The keys of the objects that are open at one point of a JSON text, to find one that is given twice.
 * A key of few is compared by a number worked out while it was read; its text is made only when that number was seen
 * before, when the key holds escapes, or when there are many. So colliding numbers cost an attacker's object one set, no more.
 */
export class OpenKeys {
  private readonly hashes: number[] = [];
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];
  private readonly bases: number[] = [];
  private readonly sets: (Set<string> | undefined)[] = [];
  private depth = 0;
  private top = 0;

  constructor(private readonly bytes: Buffer) {}

  open(): void {
    this.bases[this.depth] = this.top;
    this.sets[this.depth] = undefined;
    this.depth++;
  }

  close(): void {
    this.top = this.bases[--this.depth]!;
  }

  /** Adds a key of the innermost object, quotes included in its bounds; answers false when that object has it already. */
  add(start: number, end: number, hash: number, plain: boolean): boolean {
    const base = this.bases[this.depth - 1]!;
    const set = this.sets[this.depth - 1];
    if (set === undefined && plain && this.top - base < FEW_KEYS && !this.seen(hash, base)) {
      this.put(start, end, hash);
      return true;
    }
    const keys = set ?? this.gather(base);
    const before = keys.size;
    keys.add(plain ? this.plainText(start, end) : this.textOf(start, end));
    this.top = base;
    this.put(start, end, hash);
    return keys.size > before;
  }

  /** The key whose value holds the innermost object, when that value is not an array. */
  outerKey(): string | undefined {
    const base = this.bases[this.depth - 1]!;
    const outer = this.depth > 1 ? this.bases[this.depth - 2]! : base;
    return base > outer ? this.textOf(this.starts[base - 1]!, this.ends[base - 1]!) : undefined;
  }

  /** A key's text, its escapes resolved. */
  textOf(start: number, end: number): string {
    return JSON.parse(this.bytes.toString('utf8', start, end)) as string;
  }

  private plainText(start: number, end: number): string {
    return this.bytes.toString('latin1', start + 1, end - 1);
  }

  private put(start: number, end: number, hash: number): void {
    this.hashes[this.top] = hash;
    this.starts[this.top] = start;
    this.ends[this.top] = end;
    this.top++;
  }

  private seen(hash: number, base: number): boolean {
    for (let index = base; index < this.top; index++) if (this.hashes[index] === hash) return true;
    return false;
  }

  /** Keys are only held by number while all of them are plain. */
  private gather(base: number): Set<string> {
    const keys = new Set<string>();
    for (let index = base; index < this.top; index++) keys.add(this.plainText(this.starts[index]!, this.ends[index]!));
    this.sets[this.depth - 1] = keys;
    return keys;
  }
}
