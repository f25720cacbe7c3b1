import { ABOUT_HEADER, CARRIED, SEALED_HEADER, sealedHeader, type HubEvent, type NewEvent } from '#contract';
import { openBytes, sealBytes } from './seal-bytes.ts';
import type { Subject } from './held-keys.ts';

type Headers = Record<string, string>;
const OURS: readonly string[] = [CARRIED.traceparent, CARRIED.hops, SEALED_HEADER, ABOUT_HEADER];

/** What the flow needs stays in the clear; what the partner sent may name a person, and is sealed with the body. */
const parted = (headers: Headers): { ours: Headers; theirs: Headers } => {
  const [ours, theirs]: [Headers, Headers] = [{}, {}];
  for (const [name, value] of Object.entries(headers)) (OURS.includes(name) ? ours : theirs)[name] = value;
  return { ours, theirs };
};

const about = (event: Pick<NewEvent, 'id'>): string => `event ${event.id}`;

/** The same event with its body and the partner's headers sealed for these subjects. */
export const sealEvent = (event: NewEvent, subjects: readonly Subject[]): NewEvent => {
  const { ours, theirs } = parted(event.headers);
  const headers = Buffer.from(JSON.stringify(theirs));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(headers.length);
  const data = sealBytes(subjects.map(({ key }) => key), Buffer.concat([length, headers, event.data]), about(event));
  return { ...event, data, headers: { ...ours, [SEALED_HEADER]: sealedHeader(subjects.map(({ id }) => id)) } };
};

/** The event as it was before it was sealed, byte for byte. Throws `sealed-unreadable`. */
export const openEvent = <E extends Pick<HubEvent, 'id' | 'data' | 'headers'>>(event: E, keys: readonly Buffer[]): E => {
  const plain = openBytes(keys, event.data, about(event));
  const bodyAt = 4 + plain.readUInt32BE(0);
  const { [SEALED_HEADER]: _sealed, ...ours } = event.headers;
  return { ...event, data: plain.subarray(bodyAt), headers: { ...(JSON.parse(plain.subarray(4, bodyAt).toString('utf8')) as Headers), ...ours } };
};
