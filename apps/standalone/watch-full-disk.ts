import { open, statfs } from 'node:fs/promises';

const ENOUGH_BYTES = 64 * 1024 * 1024;
const COMPLAINT = 'no space left on device';

type Needs = {
  /** What the server has written to its log since the last look. */
  newWords(): Promise<string>;
  freeBytes(): Promise<number>;
  restart(): Promise<void>;
  tell(line: string): void;
};

/**
 * One look at a nats-server that may have met a full disk. A stream that could not be written once is never written again by that
 * process, also when there is room: so it is started anew then. Nothing is lost by that; what it did not confirm is sent again.
 */
export const watchFullDisk = (needs: Needs): (() => Promise<void>) => {
  let stuck = false;
  return async () => {
    if ((await needs.newWords()).includes(COMPLAINT)) {
      if (!stuck) needs.tell('The disk is full: webhooks are refused with 503 as soon as Postgres cannot write either. Make room; the rest happens by itself.');
      stuck = true;
    }
    if (!stuck || (await needs.freeBytes()) < ENOUGH_BYTES) return;
    stuck = false;
    needs.tell('The disk has room again: starting NATS anew.');
    await needs.restart();
    await needs.newWords(); // its last complaints are about the past
  };
};

/** Reads on in a file that grows; what is there already is skipped, and a file that began anew is read from its start. */
export const readOn = async (file: string): Promise<() => Promise<string>> => {
  let at: number | undefined;
  const read = async (): Promise<string> => {
    const handle = await open(file);
    try {
      const { size } = await handle.stat();
      const from = at === undefined ? size : Math.min(at, size);
      at = size;
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - from), 0, size - from, from);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await handle.close();
    }
  };
  await read();
  return read;
};

/** Bytes that the disk of a folder still takes. */
export const freeBytesAt = async (dir: string): Promise<number> => {
  const { bavail, bsize } = await statfs(dir);
  return bavail * bsize;
};
