const BYTEA = 17;
const HEAD_BYTES = 20;

/**
 * Byte strings as one `bytea[]` parameter in Postgres' binary format (`array_recv`): dimensions, a null flag, the element's type, length
 * and lower bound, then each element behind its length. As text every byte would be written, sent and read as two digits.
 */
export const byteaArray = (items: readonly Uint8Array[]): Buffer => {
  const array = Buffer.allocUnsafe(items.reduce((size, item) => size + 4 + item.byteLength, HEAD_BYTES));
  array.writeInt32BE(1, 0);
  array.writeInt32BE(0, 4);
  array.writeInt32BE(BYTEA, 8);
  array.writeInt32BE(items.length, 12);
  array.writeInt32BE(1, 16);
  let at = HEAD_BYTES;
  for (const item of items) {
    at = array.writeInt32BE(item.byteLength, at);
    array.set(item, at);
    at += item.byteLength;
  }
  return array;
};
