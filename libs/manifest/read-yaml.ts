import { LineCounter, isMap, isNode, isPair, isSeq, parseAllDocuments, type Document, type Node } from 'yaml';
import type { Path } from './problem-list.ts';

/** A YAML file that was read. `lineOf` gives the line (from 1) of what stands at a path, or of the nearest thing around it. */
export type YamlText = { value: unknown; problems: { line: number; message: string }[]; lineOf(path: Path): number };

/** An offset in the text of a pair's key when there is one: `do:` rather than its value. */
const offsetOf = (root: Node | null, path: Path): number => {
  let node: unknown = root;
  let offset = root?.range?.[0] ?? 0;
  for (const part of path) {
    const pair = isMap(node) ? node.items.find((item) => isPair(item) && String(isNode(item.key) ? item.key.toJSON() : item.key) === String(part)) : undefined;
    const next: unknown = pair !== undefined ? pair.value : isSeq(node) ? node.items[Number(part)] : undefined;
    if (pair === undefined && next === undefined) return offset;
    const place = pair !== undefined && isNode(pair.key) ? pair.key : next;
    if (isNode(place) && place.range) offset = place.range[0];
    node = next;
  }
  return offset;
};

const toValue = (document: Document.Parsed): { value: unknown; problems: string[] } => {
  try {
    return { value: document.toJS({ maxAliasCount: 100 }), problems: [] };
  } catch (error) {
    return { value: undefined, problems: [error instanceof Error ? error.message : String(error)] };
  }
};

const firstLine = (message: string): string => message.split('\n')[0]!.replace(/ at line \d+, column \d+:?$/, '');

/** Reads one YAML 1.2 document, keeping lines. Syntax errors, duplicate keys and a second document are problems, not exceptions. */
export const readYaml = (text: string): YamlText => {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines });
  const first = Array.isArray(documents) ? documents[0] : undefined;
  const lineAt = (offset: number): number => lines.linePos(offset).line || 1;
  const problems = (Array.isArray(documents) ? documents : []).flatMap((document) =>
    document.errors.map((error) => ({ line: lineAt(error.pos[0]), message: firstLine(error.message) })));
  if (first === undefined) return { value: undefined, problems: [{ line: 1, message: 'the file is empty' }], lineOf: () => 1 };
  const second = Array.isArray(documents) ? documents[1] : undefined;
  if (second !== undefined) problems.push({ line: lineAt(second.range[0]), message: 'a second document begins here; one file holds one manifest' });
  if (problems.length > 0) return { value: undefined, problems, lineOf: () => 1 };
  const { value, problems: broken } = toValue(first);
  return {
    value,
    problems: broken.map((message) => ({ line: 1, message })),
    lineOf: (path) => lineAt(offsetOf(first.contents, path)),
  };
};

