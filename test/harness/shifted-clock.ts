/**
 * Loaded into a room before anything else (`node --import`): shifts its time of day by as many milliseconds as the file
 * `SHIFTED_CLOCK` names for it (JSON, by room), and looks again every 20 ms. Timers and `performance.now()` stay as they are, as
 * they do when a machine's clock is set.
 */
import { readFileSync } from 'node:fs';

const file = process.env['SHIFTED_CLOCK'];
const room = /apps\/([a-z]+)\/main/.exec(process.argv[1] ?? '')?.[1] ?? '';

if (file !== undefined) {
  const TrueDate = Date;
  let offsetMs = 0;
  const look = (): void => {
    try {
      offsetMs = (JSON.parse(readFileSync(file, 'utf8')) as Record<string, number>)[room] ?? 0;
    } catch {
      // It is being written.
    }
  };
  look();
  setInterval(look, 20).unref();
  globalThis.Date = class extends TrueDate {
    constructor(...given: []) {
      if (given.length === 0) super(TrueDate.now() + offsetMs);
      else super(...given);
    }
    static override now(): number {
      return TrueDate.now() + offsetMs;
    }
  } as DateConstructor;
}
