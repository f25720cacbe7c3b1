/** Where in a document: `['routes', 0, 'to', 1, 'do']`. */
export type Path = readonly (string | number)[];

/** One thing that is wrong. `message` follows a place and a colon. */
export type ManifestProblem = { path: Path; message: string };

const PLAIN_NAME = /^[A-Za-z_$][\w$-]*$/;

/** `routes[0].to[1].do` */
export const pathText = (path: Path): string =>
  path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    if (!PLAIN_NAME.test(part)) return `${text}[${JSON.stringify(part)}]`;
    return text === '' ? part : `${text}.${part}`;
  }, '');
