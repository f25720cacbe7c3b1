import { answerHandshake } from '#partner-kit';
import type { Integration, ReadBody, Receipt } from './webhook-stages.ts';

/** The answer to a partner's greeting; undefined when the body is none. */
export const greetPartner = ({ profile }: Integration, body: ReadBody): Receipt | undefined => {
  const answer = profile.handshake && answerHandshake(profile.handshake, body.value);
  return answer && { outcome: 'handshake', ...answer };
};
