const ANY_TOKEN = '[^.]+';
const ANY_REST = '.+';

/** The words of our subjects are letters, digits, `_` and `-`: nothing that an expression gives a meaning. */
const tokenPattern = (token: string): string => {
  if (token === '*') return ANY_TOKEN;
  return token === '>' ? ANY_REST : token;
};

/** Tells of a subject whether one of these filters takes it, by NATS's rules: `*` is one token, a final `>` is one or more. */
export const matchSubject = (filters: readonly string[]): ((subject: string) => boolean) => {
  const patterns = filters.map((filter) => filter.split('.').map(tokenPattern).join('\\.'));
  const any = new RegExp(`^(?:${patterns.join('|')})$`);
  return (subject) => any.test(subject);
};
