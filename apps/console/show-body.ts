import type { Base64BodyView, JsonBodyView } from './views/event.view.ts';

const JSON_TYPE = /^[^;]*[/+]json\s*(;|$)/i;

const readJson = (data: Buffer): { value: unknown } | undefined => {
  try {
    const value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(data)) as unknown;
    // What is nested too deeply to be written out again is shown as bytes.
    JSON.stringify(value);
    return { value };
  } catch {
    return undefined;
  }
};

/** A body as JSON where it is JSON, else as base64: nothing is lost. */
export const showBody = ({ contentType, data }: { contentType: string; data: Buffer }): JsonBodyView | Base64BodyView => {
  const json = JSON_TYPE.test(contentType) ? readJson(data) : undefined;
  return json === undefined
    ? { encoding: 'base64', value: data.toString('base64'), bytes: data.byteLength }
    : { encoding: 'json', value: json.value, bytes: data.byteLength };
};
