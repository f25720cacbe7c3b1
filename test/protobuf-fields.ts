/** One field of a protobuf message: its number, and a number (varint), or bytes (everything else). */
type Field = { number: number; value: bigint | Buffer };

const varintAt = (bytes: Buffer, start: number): { value: bigint; next: number } => {
  let value = 0n;
  for (let at = start, shift = 0n; at < bytes.length; at += 1, shift += 7n) {
    value |= BigInt(bytes[at]! & 0x7f) << shift;
    if (bytes[at]! < 0x80) return { value, next: at + 1 };
  }
  throw new Error('protobuf: a varint has no end');
};

const lengthOf = (bytes: Buffer, wire: number, at: number): { from: number; to: number } => {
  if (wire === 1) return { from: at, to: at + 8 };
  if (wire === 5) return { from: at, to: at + 4 };
  if (wire !== 2) throw new Error(`protobuf: wire type ${wire} is not one of 0, 1, 2, 5`);
  const { value, next } = varintAt(bytes, at);
  return { from: next, to: next + Number(value) };
};

/** Reads the fields of one message in order (protobuf.dev/programming-guides/encoding). Throws when bytes are missing. */
export const protobufFields = (bytes: Buffer): Field[] => {
  const fields: Field[] = [];
  for (let at = 0; at < bytes.length; ) {
    const tag = varintAt(bytes, at);
    const number = Number(tag.value >> 3n);
    const wire = Number(tag.value & 7n);
    if (wire === 0) {
      const { value, next } = varintAt(bytes, tag.next);
      fields.push({ number, value });
      at = next;
    } else {
      const { from, to } = lengthOf(bytes, wire, tag.next);
      if (to > bytes.length) throw new Error('protobuf: a field is cut short');
      fields.push({ number, value: bytes.subarray(from, to) });
      at = to;
    }
  }
  return fields;
};

/** Every value of field `number` that holds bytes. */
export const allBytes = (bytes: Buffer, number: number): Buffer[] =>
  protobufFields(bytes).flatMap((field) => (field.number === number && Buffer.isBuffer(field.value) ? [field.value] : []));

/** The last bytes of field `number`, as the encoding asks; empty when there are none. */
export const lastBytes = (bytes: Buffer, number: number): Buffer => allBytes(bytes, number).at(-1) ?? Buffer.alloc(0);

/** The last number of field `number`; 0 when there is none. */
export const lastNumber = (bytes: Buffer, number: number): bigint =>
  protobufFields(bytes).reduce((last, field) => (field.number === number && typeof field.value === 'bigint' ? field.value : last), 0n);
