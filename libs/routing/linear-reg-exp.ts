import { RE2JS } from 're2js';

const compiled = new WeakMap<RegExp, RE2JS>();

const compile = (pattern: RegExp): RE2JS => {
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  const flags = (pattern.ignoreCase ? RE2JS.CASE_INSENSITIVE : 0) | (pattern.multiline ? RE2JS.MULTILINE : 0);
  const fresh = RE2JS.compile(RE2JS.translateRegExp(pattern.source), flags);
  compiled.set(pattern, fresh);
  return fresh;
};

type Match = (string | undefined)[] & { index: number };

/**
 * The part of RegExp that JSONata uses (`lastIndex`, `exec`), in time linear in the text.
 * Throws RE2JSSyntaxException for what RE2 does not know: look-around and back-references.
 */
export class LinearRegExp {
  lastIndex = 0;
  readonly #pattern: RE2JS;

  constructor(pattern: RegExp) {
    this.#pattern = compile(pattern);
  }

  exec(text: string): Match | null {
    const matcher = this.#pattern.matcher(text);
    if (this.lastIndex > text.length || !matcher.find(this.lastIndex)) {
      this.lastIndex = 0;
      return null;
    }
    const groups = Array.from({ length: matcher.groupCount() + 1 }, (_, group) => matcher.group(group) ?? undefined);
    this.lastIndex = matcher.end();
    return Object.assign(groups, { index: matcher.start() });
  }
}
