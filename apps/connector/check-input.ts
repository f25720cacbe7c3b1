import { Ajv, type ValidateFunction } from 'ajv';
import type { Action } from '#partner-kit';

export type InputCheck = (action: Action, input: unknown) => string | undefined;

/** Holds inputs against the actions' schemas, each compiled once. Answers in one sentence what is wrong. */
export const createInputCheck = (): InputCheck => {
  const ajv = new Ajv({ allErrors: true, strict: false });
  const compiled = new WeakMap<Action, ValidateFunction>();
  return (action, input) => {
    const validate = compiled.get(action) ?? ajv.compile(action.input);
    compiled.set(action, validate);
    if (validate(input)) return undefined;
    const problems = (validate.errors ?? []).slice(0, 5).map((error) => `${error.instancePath || 'the input'} ${error.message ?? 'is wrong'}`);
    return `The mapped input does not fit the action: ${problems.join('; ')}. Correct the route's "with".`;
  };
};
