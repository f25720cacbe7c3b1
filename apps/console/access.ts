import { applyDecorators, createParamDecorator, SetMetadata, type ExecutionContext } from '@nestjs/common';
import { ApiSecurity } from '@nestjs/swagger';
import type { Acting, Scope } from '#contract';
import type { FastifyRequest } from 'fastify';

/** Under which name the document knows how a caller shows who they are. */
export const KEY_SCHEME = 'key';

const SCOPE = Symbol('SCOPE');
const ACTING = Symbol('ACTING');

type KnownRequest = FastifyRequest & { [ACTING]?: Acting };

/** Which scope a route needs. Without this a route is closed to everybody. */
export const Scoped = (scope: Scope): MethodDecorator => applyDecorators(SetMetadata(SCOPE, scope), ApiSecurity(KEY_SCHEME, [scope]));

/** The scope that a route declares, if it does. */
export const scopeOf = (handler: object): Scope | undefined => Reflect.getMetadata(SCOPE, handler) as Scope | undefined;

/** Puts down who asks, for `By`. */
export const admit = (request: FastifyRequest, acting: Acting): void => void ((request as KnownRequest)[ACTING] = acting);

/** Who asks, and from where, as the guard found out. */
export const By = createParamDecorator((_none: unknown, context: ExecutionContext): Acting => {
  const acting = context.switchToHttp().getRequest<KnownRequest>()[ACTING];
  if (acting === undefined) throw new Error('This route was reached without passing the guard.');
  return acting;
});
