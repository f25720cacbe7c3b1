import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiProperty, ApiPropertyOptional, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { ERROR_CODES, PROBLEM_MEDIA_TYPE, type ErrorCode, type Problem } from '#contract';

class ProblemError {
  @ApiProperty({ type: String, description: 'Which parameter or field.' })
  path!: string;

  @ApiProperty({ type: String })
  message!: string;
}

/** Problem details by RFC 9457. */
export class ProblemView implements Problem {
  @ApiProperty({ type: String, format: 'uri' })
  type!: string;

  @ApiProperty({ type: String })
  title!: string;

  @ApiProperty({ type: 'integer' })
  status!: number;

  @ApiProperty({ type: String, description: 'What happened and what to do.' })
  detail!: string;

  @ApiProperty({ enum: ERROR_CODES, enumName: 'ErrorCode', description: 'The stable code that a program may switch on.' })
  cause!: ErrorCode;

  @ApiPropertyOptional({ type: String })
  correlationId?: string;

  @ApiPropertyOptional({ type: String, description: 'The same as the `X-Request-Id` of the answer.' })
  requestId?: string;

  @ApiPropertyOptional({ type: [ProblemError], description: 'With `validation-failed`: what is wrong where.' })
  errors?: ProblemError[];
}

const WHEN: Record<number, string> = {
  400: 'A parameter or field is missing or of the wrong form (`validation-failed`).',
  401: 'The key is missing, unknown, revoked or expired (`unauthenticated`).',
  403: 'The key lacks the scope that this needs (`forbidden`), or this address may not call here (`address-refused`).',
  404: 'There is none (`not-found`).',
  409: 'It cannot be sent again as it stands (`not-redrivable`).',
  410: 'It was on record, and its retention is over (`event-dropped`).',
  429: 'Too many requests (`rate-limited`); `Retry-After` says when to come back, `RateLimit` what is left.',
  500: 'A mistake of ours (`internal`).',
  503: 'The database is away (`log-unavailable`), or the question takes too long (`query-too-slow`).',
};

/** Documents the problems that an operation answers with, beside those that every one may. */
export const Problems = (...statuses: (400 | 404 | 409 | 410)[]): ClassDecorator & MethodDecorator =>
  applyDecorators(
    ApiExtraModels(ProblemView),
    ...[...statuses, 401, 403, 429, 500, 503].map((status) =>
      ApiResponse({ status, description: WHEN[status], content: { [PROBLEM_MEDIA_TYPE]: { schema: { $ref: getSchemaPath(ProblemView) } } } }),
    ),
  );
