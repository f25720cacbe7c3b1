import type { Handshake } from '#contract';
import { asText, readPath } from './read-path.ts';

/** What to answer a partner's greeting with; the status is 200. */
export type HandshakeAnswer = { contentType: string; body: string };

/** A challenge is a token; nothing longer is ever echoed. */
const MAX_CHALLENGE = 1024;

/** The answer to a partner's greeting, or undefined when the body is no greeting. */
export const answerHandshake = (handshake: Handshake, parsed: unknown): HandshakeAnswer | undefined => {
  const { match, respond } = handshake;
  if (asText(readPath(parsed, match.path)) !== match.value) return undefined;
  const challenge = asText(readPath(parsed, respond.path));
  if (challenge === undefined || challenge.length > MAX_CHALLENGE) return undefined;
  if (respond.as === 'text') return { contentType: 'text/plain; charset=utf-8', body: challenge };
  const key = respond.key ?? respond.path.slice(respond.path.lastIndexOf('.') + 1);
  return { contentType: 'application/json; charset=utf-8', body: JSON.stringify({ [key]: challenge }) };
};
