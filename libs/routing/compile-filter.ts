import { HubError, type FilterSpec } from '#contract';
import { OPERATORS } from './filter-operators.ts';
import { isObject, messageOf } from './json.ts';
import { anyAt, firstAt, parsePath } from './read-path.ts';

/** What filters read. A body that is neither JSON nor a form is undefined. */
export type FilterDocument = { body: unknown; headers: Readonly<Record<string, string>>; type: string };

/** One condition of a filter; all of them together must hold. `path` is undefined where a condition spans several. */
export type Condition = {
  path?: readonly string[];
  /** The condition in words: `body.amount: {"$gt":5}`. */
  text: string;
  holds(document: unknown): boolean;
};

/** A filter ready to be used: pure, never throws, and linear in the size of the document. */
export type Filter = {
  conditions: readonly Condition[];
  /** False when only headers and type are read, so that the body need not be parsed. */
  readsBody: boolean;
  matches(document: FilterDocument): boolean;
  /** Every condition that does not hold, with what was found there. Empty when the filter matches. */
  unmet(document: FilterDocument): string[];
};

const ROOTS = ['body', 'headers', 'type'];
const MAX_DEPTH = 32;
const MAX_SHOWN = 120;

/** Where in the filter we are, for messages; and the document path that stands for. */
type Place = { path: readonly string[]; spot: string; depth: number };

const refuse = (place: Place, message: string): never => {
  throw new HubError('manifest-invalid', `${place.spot === '' ? 'the filter' : place.spot} ${message}`);
};

const inside = (place: Place, key: string | number): string =>
  typeof key === 'number' ? `${place.spot}[${key}]` : place.spot === '' ? key : `${place.spot}.${key}`;

const shown = (value: unknown): string => {
  const json = JSON.stringify(value) ?? '';
  return json.length > MAX_SHOWN ? `${json.slice(0, MAX_SHOWN)}…` : json;
};

/** What was found, in a few words; a whole object would say too much, and may be too deep to write out. */
const foundText = (value: unknown): string =>
  value === undefined ? 'nothing' : Array.isArray(value) ? `a list of ${value.length}` : isObject(value) ? 'an object' : shown(value);

const allHold = (conditions: readonly Condition[]) => (document: unknown): boolean =>
  conditions.every((condition) => condition.holds(document));

const wording = (conditions: readonly Condition[]): string => conditions.map((condition) => condition.text).join(' and ');

/** What stands at a path: a literal, a list of alternatives, operators, or names further down. */
const compileAt = (spec: unknown, place: Place): Condition[] => {
  if (place.depth > MAX_DEPTH) return refuse(place, `is nested more than ${MAX_DEPTH} deep; make it flatter`);
  if (Array.isArray(spec)) return [compileOperator('$in', spec, place)];
  if (!isObject(spec)) return [compileOperator('$eq', spec, place)];
  const keys = Object.keys(spec);
  if (keys.length === 0 && place.depth > 0) return refuse(place, 'is empty; to ask whether it is there, write {"$exists": true}');
  return keys.flatMap((key) => compileMember(key, spec[key], place));
};

const compileMember = (key: string, value: unknown, place: Place): Condition[] => {
  const below = { path: place.path, spot: inside(place, key), depth: place.depth + 1 };
  if (key === '$and') return listOf(value, below).flatMap((item, at) => compileAt(item, { ...below, spot: inside(below, at) }));
  if (key === '$or') return [compileOr(listOf(value, below), below)];
  if (key === '$not') return [compileNot(value, below)];
  if (key.startsWith('$')) return [compileOperator(key, value, below)];
  return compileAt(value, { ...below, path: [...place.path, ...readName(key, below)] });
};

const readName = (key: string, place: Place): string[] => {
  try {
    return parsePath(key);
  } catch (thrown) {
    return refuse(place, `is not a path: ${messageOf(thrown)}`);
  }
};

const listOf = (value: unknown, place: Place): unknown[] =>
  Array.isArray(value) && value.length > 0 ? value : refuse(place, 'needs a list with at least one condition');

const compileOr = (alternatives: unknown[], place: Place): Condition => {
  const compiled = alternatives.map((item, at) => compileAt(item, { ...place, spot: inside(place, at) }));
  const tests = compiled.map(allHold);
  return { text: `one of (${compiled.map(wording).join(') or (')})`, holds: (document) => tests.some((test) => test(document)) };
};

const compileNot = (value: unknown, place: Place): Condition => {
  const compiled = compileAt(value, place);
  const test = allHold(compiled);
  return { text: `not (${wording(compiled)})`, holds: (document) => !test(document) };
};

const compileOperator = (name: string, operand: unknown, place: Place): Condition => {
  const { path } = place;
  if (path.length === 0) return refuse(place, `stands for the whole event; say where to look: ${ROOTS.join(', ')}`);
  if (!ROOTS.includes(path[0]!)) return refuse(place, `begins with '${path[0]}'; a path begins with ${ROOTS.join(', ')}`);
  const text = `${path.join('.')}: ${shown({ [name]: operand })}`;
  if (name === '$exists') return compileExists(operand, place, text);
  const operator = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
  if (operator === undefined) return refuse(place, `is not an operator; there are ${operatorNames()}`);
  try {
    const test = operator.compile(operand);
    return operator.reads === 'any'
      ? { path, text, holds: (document) => anyAt(document, path, 0, test) }
      : { path, text, holds: (document) => !anyAt(document, path, 0, test) };
  } catch (thrown) {
    return refuse(place, messageOf(thrown));
  }
};

const operatorNames = (): string => [...Object.keys(OPERATORS), '$exists', '$and', '$or', '$not'].join(' ');

const compileExists = (operand: unknown, place: Place, text: string): Condition => {
  if (typeof operand !== 'boolean') return refuse(place, 'needs true or false');
  const isThere = (found: unknown): boolean => found !== undefined;
  return { path: place.path, text, holds: (document) => anyAt(document, place.path, 0, isThere) === operand };
};

const unmetText = (condition: Condition, document: FilterDocument): string =>
  condition.path === undefined ? condition.text : `${condition.text}, found ${foundText(firstAt(document, condition.path))}`;

const mentionsBody = (spec: unknown): boolean =>
  Array.isArray(spec) ? spec.some(mentionsBody)
  : isObject(spec) && Object.entries(spec).some(([key, value]) => key === 'body' || key.startsWith('body.') || (key.startsWith('$') && mentionsBody(value)));

/**
 * Compiles a filter document over `{ body, headers, type }` (its language is in docs/manifest.md).
 * Throws HubError('manifest-invalid') whose message begins with the place in the filter that is wrong.
 */
export const compileFilter = (spec: FilterSpec): Filter => {
  const conditions = compileAt(spec, { path: [], spot: '', depth: 0 });
  return {
    conditions,
    readsBody: mentionsBody(spec),
    matches: allHold(conditions),
    unmet: (document) => conditions.filter((condition) => !condition.holds(document)).map((condition) => unmetText(condition, document)),
  };
};
