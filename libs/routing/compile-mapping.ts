import jsonata from 'jsonata';
import { HubError } from '#contract';
import { isObject, messageOf } from './json.ts';
import { LinearRegExp } from './linear-reg-exp.ts';
import { plainJson } from './plain-json.ts';

/** What a mapping reads. `body` is the parsed JSON or form, else the body as text. */
export type MappingDocument = {
  body: unknown;
  headers: Readonly<Record<string, string>>;
  type: string;
  event: {
    id: string;
    type: string;
    partner: string;
    integration: string;
    tenant: string;
    correlationId: string;
    causationId?: string;
    occurredAt: string;
    recordedAt: string;
  };
};

/** A JSONata expression ready to be used. */
export type Mapping = {
  /** Gives plain JSON; throws HubError('mapping-failed') when the expression fails, runs away, or gives nothing. */
  evaluate(document: MappingDocument): Promise<unknown>;
};

/** What one evaluation may use. Counted in steps, not time, so that the same event always maps the same way. */
const LIMITS = { steps: 50_000, stack: 200, sequence: 100_000 };

const ENTRY = Symbol.for('jsonata.__evaluate_entry');

type Frame = { base: { steps?: number } };

/** JSONata calls this before each step, with the frame of the evaluation it belongs to. */
const countStep = (_node: unknown, _input: unknown, frame: Frame): void => {
  frame.base.steps = (frame.base.steps ?? 0) + 1;
  if (frame.base.steps > LIMITS.steps) throw new Error(`it took more than ${LIMITS.steps} steps; look for a loop without an end`);
};

/** JSONata would meet a pattern that RE2 cannot run only when it gets there; this finds it at once. */
const compilePatterns = (node: unknown, seen: Set<unknown>): void => {
  if (node instanceof RegExp) void new LinearRegExp(node);
  else if (typeof node === 'object' && node !== null && !seen.has(node)) {
    seen.add(node);
    for (const child of Object.values(node)) compilePatterns(child, seen);
  }
};

const spotOf = (thrown: unknown): string =>
  isObject(thrown) && typeof thrown.position === 'number' ? ` (at character ${thrown.position})` : '';

const parse = (text: string): jsonata.Expression => {
  try {
    const options = { stack: LIMITS.stack, sequence: LIMITS.sequence, RegexEngine: LinearRegExp as unknown as RegExpConstructor };
    const expression = jsonata(text, options);
    compilePatterns(expression.ast(), new Set());
    expression.assign(ENTRY as unknown as string, countStep);
    return expression;
  } catch (thrown) {
    throw new HubError('manifest-invalid', `is not JSONata: ${messageOf(thrown)}${spotOf(thrown)}`);
  }
};

/** JSONata's own words, without the values that it stumbled over: they came out of an event, and messages go to logs. */
const wordsOf = (thrown: unknown): string => {
  const values = isObject(thrown) ? [thrown.value, thrown.value2].flatMap((value) => JSON.stringify(value) ?? []) : [];
  // A short number could be any number of the message.
  return values.filter((value) => value.length > 3).reduce((words, value) => words.replaceAll(value, '…'), messageOf(thrown));
};

const toInput = (result: unknown): unknown => {
  if (result === undefined) throw new Error('it gave nothing; does it read members that this event lacks?');
  return plainJson(result);
};

/** Compiles JSONata over `MappingDocument`. Throws HubError('manifest-invalid') with JSONata's own message and position. */
export const compileMapping = (text: string): Mapping => {
  const expression = parse(text);
  return {
    evaluate: async (document) => {
      try {
        return toInput(await expression.evaluate(document));
      } catch (thrown) {
        throw new HubError('mapping-failed', `The mapping failed: ${wordsOf(thrown)}`.slice(0, 500), { cause: thrown });
      }
    },
  };
};
