import type { MsgHdrs } from '@nats-io/nats-core';

const UNSAFE = /[\r\n\0]/g;

/** Writes headers as NATS wants them on the wire, in one string; line breaks in values cannot forge another header. */
export const encodeHeaders = (headers: Record<string, string>): MsgHdrs => {
  let text = 'NATS/1.0';
  for (const name in headers) {
    const value = headers[name]!;
    text += `\r\n${name}: ${UNSAFE.test(value) ? value.replace(UNSAFE, ' ') : value}`;
  }
  const bytes = Buffer.from(`${text}\r\n\r\n`);
  // The client asks a header object for its bytes and for nothing else when it publishes.
  return { encode: () => bytes } as unknown as MsgHdrs;
};

/** Reads headers by their lower-case names; of several values the first counts. */
export const decodeHeaders = (headers: MsgHdrs | undefined): Record<string, string> => {
  const read: Record<string, string> = {};
  if (headers !== undefined) for (const [name, values] of headers) read[name.toLowerCase()] ??= values[0] ?? '';
  return read;
};
