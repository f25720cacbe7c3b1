/** A line of Prometheus' text format. */
export type Sample = { name: string; labels: Record<string, string>; value: number };

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"(?:,|$)/g;

const sampleOf = (line: string): Sample => {
  const [, name, labels = '', value] = LINE.exec(line) ?? [];
  if (name === undefined) throw new Error(`not a line of Prometheus' text format: ${line}`);
  return { name, labels: Object.fromEntries([...labels.matchAll(LABEL)].map((match) => [match[1]!, match[2]!])), value: Number(value) };
};

/** The samples of Prometheus' text format 0.0.4. Throws at a line that is none. */
export const parseMetrics = (text: string): Sample[] => text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).map(sampleOf);

/** What a room answers at `/metrics`. `value` is that of the one sample of this name and these labels; undefined when there is none. */
export const scrape = async (roomUrl: string) => {
  const answer = await fetch(`${roomUrl}/metrics`);
  if (!answer.ok) throw new Error(`${roomUrl}/metrics answered ${answer.status}`);
  const samples = parseMetrics(await answer.text());
  const named = (name: string): Sample[] => samples.filter((sample) => sample.name === name);
  const value = (name: string, labels: Record<string, string> = {}): number | undefined =>
    named(name).find((sample) => Object.entries(labels).every(([label, wanted]) => sample.labels[label] === wanted))?.value;
  return { type: answer.headers.get('content-type'), samples, named, value };
};
