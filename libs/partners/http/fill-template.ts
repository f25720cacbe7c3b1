import { PartnerFailure } from '#partner-kit';

export type Params = Record<string, string | number | boolean>;

/** Puts values for `{{name}}`, each passed through `encode`. A name without a value is a `client` failure: half a URL must not be called. */
export const fillTemplate = (template: string, params: Params, encode: (value: string) => string): string =>
  template.replace(/\{\{\s*([\w.-]+)\s*\}\}/g, (_whole, name: string) => {
    if (!Object.hasOwn(params, name)) throw new PartnerFailure('client', 'input-invalid', `the template wants "${name}", and params has no such value`);
    return encode(String(params[name]));
  });

/** Makes one path segment or query value of any text. `.` and `..` are refused: they would climb out of their place. */
export const asSegment = (value: string): string => {
  if (/^\.{1,2}$/.test(value)) throw new PartnerFailure('client', 'input-invalid', 'a value of params is "." or "..", which would change the path');
  return encodeURIComponent(value);
};
