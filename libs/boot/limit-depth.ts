import type { FastifyInstance } from 'fastify';
import { ProblemException } from './problem-exception.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Whether a JSON text opens more than `most` objects and lists inside one another. Says nothing about whether it is JSON. */
export const isDeeperThan = (json: string, most: number): boolean => {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < json.length; at += 1) {
    const char = json.charCodeAt(at);
    if (char === QUOTE) quoted = !quoted;
    else if (quoted) at += char === BACKSLASH ? 1 : 0;
    else if (char === 0x7b || char === 0x5b) {
      depth += 1;
      if (depth > most) return true;
    } else if (char === 0x7d || char === 0x5d) depth -= 1;
  }
  return false;
};

/** Refuses JSON bodies that are nested deeper than `most` before they are parsed; the rest is Fastify's own parser's. */
export const limitDepth = (server: FastifyInstance, most: number): void => {
  const parse = server.getDefaultJsonParser('error', 'error');
  server.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (isDeeperThan(body, most)) return done(new ProblemException(400, 'malformed', `The body is nested deeper than ${most} levels.`));
    void parse(request, body, done);
  });
};
