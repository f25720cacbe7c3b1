/** A value in a form as Stripe's v1 API reads it: text, or nested by name. */
type FormValue = string | number | boolean | null | undefined | FormValue[] | { [name: string]: FormValue };

const put = (form: URLSearchParams, name: string, value: FormValue): void => {
  if (value === undefined) return;
  if (Array.isArray(value)) value.forEach((item, index) => put(form, `${name}[${index}]`, item));
  else if (typeof value === 'object' && value !== null) for (const key of Object.keys(value)) put(form, `${name}[${key}]`, value[key]);
  // Stripe unsets a field that comes empty.
  else form.append(name, value === null ? '' : String(value));
};

/** Encodes parameters in Stripe's bracket notation: `metadata[order]=7`, `items[0][price]=…`. The same value gives the same bytes. */
export const toForm = (parameters: object): URLSearchParams => {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) put(form, name, value as FormValue);
  return form;
};

/** Adds our reference to an object's metadata, where it can be searched for in Stripe's dashboard long after the key is forgotten. */
export const withReference = (parameters: object, reference: string): object => {
  const { metadata } = parameters as { metadata?: object };
  return { ...parameters, metadata: { ...metadata, trunkline_command: reference } };
};
