/** Patterns by their tokens: `*` is one token, a final `>` is one or more. */
export type SubjectTrie<Value> = {
  add(pattern: string, value: Value): void;
  /** Every value whose pattern matches this subject, in no particular order. Cost grows with the tokens, not the patterns. */
  find(subject: string): Value[];
};

type Node<Value> = {
  children: Map<string, Node<Value>>;
  /** Patterns that end here. */
  here: Value[];
  /** Patterns that end here with `>`. */
  rest: Value[];
};

const emptyNode = <Value>(): Node<Value> => ({ children: new Map(), here: [], rest: [] });

const collect = <Value>(node: Node<Value>, tokens: readonly string[], at: number, found: Value[]): void => {
  if (at === tokens.length) {
    for (const value of node.here) found.push(value);
    return;
  }
  for (const value of node.rest) found.push(value);
  const exact = node.children.get(tokens[at]!);
  if (exact !== undefined) collect(exact, tokens, at + 1, found);
  const any = node.children.get('*');
  if (any !== undefined) collect(any, tokens, at + 1, found);
};

const childOf = <Value>(node: Node<Value>, token: string): Node<Value> => {
  let child = node.children.get(token);
  if (child === undefined) node.children.set(token, (child = emptyNode()));
  return child;
};

/** An empty trie. Subjects that are looked up hold no wildcards. */
export const createSubjectTrie = <Value>(): SubjectTrie<Value> => {
  const root = emptyNode<Value>();
  return {
    add: (pattern, value) => {
      const tokens = pattern.split('.');
      const rest = tokens.at(-1) === '>';
      let node = root;
      for (const token of rest ? tokens.slice(0, -1) : tokens) node = childOf(node, token);
      (rest ? node.rest : node.here).push(value);
    },
    find: (subject) => {
      const found: Value[] = [];
      collect(root, subject.split('.'), 0, found);
      return found;
    },
  };
};
