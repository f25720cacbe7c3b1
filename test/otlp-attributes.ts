import { allBytes, lastBytes, protobufFields } from './protobuf-fields.ts';

// Field numbers: github.com/open-telemetry/opentelemetry-proto, common/v1.
const anyValue = (bytes: Buffer): unknown => {
  const field = protobufFields(bytes)[0];
  if (field === undefined) return undefined;
  if (field.number === 2) return field.value === 1n;
  if (typeof field.value === 'bigint') return Number(BigInt.asIntN(64, field.value));
  if (field.number === 1) return field.value.toString('utf8');
  if (field.number === 4) return field.value.readDoubleLE();
  if (field.number === 5) return allBytes(field.value, 1).map(anyValue);
  return field.value;
};

/** The attributes in field `number` of a message, by key. */
export const attributesOf = (bytes: Buffer, number: number): Record<string, unknown> =>
  Object.fromEntries(allBytes(bytes, number).map((pair) => [lastBytes(pair, 1).toString('utf8'), anyValue(lastBytes(pair, 2))]));
