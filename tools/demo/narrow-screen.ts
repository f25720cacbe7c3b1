import type { Screen } from '../../apps/standalone/progress.ts';

const COLUMNS = 80;

const CODES = /\x1b\[[\d;]*[A-Za-z]/g;

/** Cuts one line to the columns that there are, not counting colour codes. Only lines without colours are ever too long. */
const cut = (line: string): string => {
  const shown = line.replace(CODES, '').replace('\r', '');
  return shown.length <= COLUMNS ? line : `${line.slice(0, line.length - (shown.length - COLUMNS) - 1)}…`;
};

/** The same screen, 80 columns wide: the folder's name is shortened to `…`, and what is longer still is cut. */
export const narrowScreen = (screen: Screen, folder: string): Screen => ({
  isTTY: screen.isTTY ?? false,
  write: (text) => screen.write(text.replaceAll(folder, '…').split('\n').map(cut).join('\n')),
});
