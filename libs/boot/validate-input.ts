import { ValidationPipe, type ValidationError } from '@nestjs/common';
import { ProblemException } from './problem-exception.ts';

type Fault = { path: string; message: string };

const faultsOf = (errors: ValidationError[], above = ''): Fault[] =>
  errors.flatMap(({ property, constraints = {}, children = [] }) => {
    const path = above ? `${above}.${property}` : property;
    return [...new Set(Object.values(constraints))].map((message) => ({ path, message })).concat(faultsOf(children, path));
  });

/** Checks every input class by its class-validator decorators; fields that a class does not name are refused. */
export const validateInput = (): ValidationPipe =>
  new ValidationPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    transform: true,
    exceptionFactory: (errors) => {
      const faults = faultsOf(errors);
      return new ProblemException(400, 'validation-failed', faults.map((fault) => fault.message).join('; '), { errors: faults });
    },
  });
