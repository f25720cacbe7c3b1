import { isAddressRange } from './address-list.ts';

type Common = {
  /** The environment variable it comes from. */
  env: string;
  /** One sentence for the reader of docs/config.md. */
  about: string;
  unit?: string;
  /** Shown only as set or unset. */
  secret?: boolean;
};

/** One setting of a room: where it comes from, what it may be, and how its text becomes a value. */
export type ConfigField<T> = Common & {
  kind: 'text' | 'integer' | 'flag' | 'choice' | 'addresses';
  /** Without one the setting is required. */
  default?: T;
  /** What it may be, in words. */
  allowed: string;
  /** The value of a text, or undefined when it is not one of the allowed. */
  read(text: string): T | undefined;
};

/** Any text that is not empty. */
export const text = (field: Common & { default?: string }): ConfigField<string> => ({
  ...field,
  kind: 'text',
  allowed: 'a text',
  read: (value) => value,
});

/** A whole number, 0 or more unless `min` says otherwise. Underscores may group its digits, as in code. */
export const integer = (field: Common & { default?: number; min?: number; max?: number }): ConfigField<number> => {
  const { min = 0, max = Number.MAX_SAFE_INTEGER, ...rest } = field;
  return {
    ...rest,
    kind: 'integer',
    allowed: max === Number.MAX_SAFE_INTEGER ? `a whole number from ${min}` : `a whole number from ${min} to ${max}`,
    read: (value) => {
      const number = /^-?\d+(_\d+)*$/.test(value) ? Number(value.replaceAll('_', '')) : Number.NaN;
      return number >= min && number <= max ? number : undefined;
    },
  };
};

const FLAGS: Record<string, boolean> = { true: true, 1: true, yes: true, on: true, false: false, 0: false, no: false, off: false };

/** On or off. */
export const flag = (field: Common & { default?: boolean }): ConfigField<boolean> => ({
  ...field,
  kind: 'flag',
  allowed: 'true or false',
  read: (value) => FLAGS[value.toLowerCase()],
});

/** One of a few words. */
export const choice = <const T extends string>(field: Common & { options: readonly T[]; default?: NoInfer<T> }): ConfigField<T> => {
  const { options, ...rest } = field;
  return { ...rest, kind: 'choice', allowed: `one of ${options.join(', ')}`, read: (value) => options.find((option) => option === value) };
};

/** Addresses and ranges, separated by commas. */
export const addresses = (field: Common & { default?: string[] }): ConfigField<string[]> => ({
  ...field,
  kind: 'addresses',
  allowed: 'addresses or ranges such as 10.0.0.0/8, separated by commas',
  read: (value) => {
    const ranges = value.split(',').map((range) => range.trim()).filter(Boolean);
    return ranges.every(isAddressRange) ? ranges : undefined;
  },
});
