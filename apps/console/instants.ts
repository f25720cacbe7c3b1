import { ValidateBy } from 'class-validator';

const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/i;

/** An instant by RFC 3339, written in UTC with milliseconds; anything else, and times before 1970, stay as they are. */
export const readInstant = (given: unknown): unknown => {
  if (typeof given !== 'string' || !RFC3339.test(given)) return given;
  const instant = Date.parse(given);
  return instant >= 0 ? new Date(instant).toISOString() : given;
};

const isRead = (value: unknown): boolean => typeof value === 'string' && /^\d{4}-.{18}Z$/.test(value) && Date.parse(value) >= 0;

/** Accepts what `readInstant` could read. */
export const IsInstant = (): PropertyDecorator =>
  ValidateBy({
    name: 'isInstant',
    validator: { validate: isRead, defaultMessage: () => '$property must be an instant since 1970 such as 2026-03-01T12:00:00Z' },
  });
