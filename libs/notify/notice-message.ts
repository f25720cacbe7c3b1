/** One thing that a message tells: a line that says all, more lines, and where to read on. `data` is the same for programs. */
export type NoticeEntry = { heading: string; lines: string[]; link?: string; data: Record<string, unknown> };

/** What is told to people at once, over whatever channel. `id` stays the same when it is sent again. */
export type NoticeMessage = {
  id: string;
  /** RFC 3339 UTC. */
  at: string;
  /** One line without its end: the subject of an e-mail. */
  title: string;
  entries: NoticeEntry[];
  /** A last sentence, if there is one. */
  closing?: string;
};

/** The text of one thing, without its heading. */
const linesOf = ({ lines, link }: NoticeEntry): string[] => [...lines, ...(link === undefined ? [] : [link])];

/** A message as plain text, short enough for a telephone. Of a single thing the title says what its heading says. */
export const renderText = ({ title, entries, closing }: NoticeMessage): string => {
  const [only, ...more] = entries;
  const paragraphs = only !== undefined && more.length === 0 ? [[title, ...linesOf(only)]] : [[title], ...entries.map((entry) => [entry.heading, ...linesOf(entry)])];
  return [...paragraphs.map((lines) => lines.join('\n')), ...(closing === undefined ? [] : [closing])].join('\n\n');
};
