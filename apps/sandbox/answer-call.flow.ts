import type { SandboxAnswer, SandboxCall } from './played/played-partner.ts';
import type { Fate } from './faults.ts';
import type { Role } from './stage.ts';

/** What goes back over the wire: an answer, silence, or a destroyed socket. */
export type Reply = { kind: 'answer'; answer: SandboxAnswer } | { kind: 'silence' } | { kind: 'drop' };

const reply = (answer: SandboxAnswer): Reply => ({ kind: 'answer', answer });

const limit = (role: Role, call: SandboxCall): Reply => {
  role.ledger.gave('limited');
  const { retryAfterS } = role.faults.order;
  return reply(role.played.fail(call, { status: 429, retryAfterS, remembered: false }));
};

const fail = (role: Role, call: SandboxCall): Reply => {
  const { status, retryAfterS, remembered } = role.faults.order;
  role.ledger.gave('failed');
  return reply(role.played.fail(call, { status, retryAfterS, remembered }));
};

const isRefusal = (answer: SandboxAnswer): boolean => answer.status >= 400 || answer.body.startsWith('{"ok":false');

/** Plays a call's fate once its latency is over. */
const play = (role: Role, call: SandboxCall, fate: Fate): Reply => {
  if (fate === 'fail') return fail(role, call);
  if (fate === 'timeout') {
    role.ledger.gave('timedOut');
    return { kind: 'silence' };
  }
  const answer = role.played.answer(call);
  if (isRefusal(answer)) {
    role.ledger.refused();
    return reply(answer);
  }
  if (fate === 'drop') {
    role.ledger.gave('dropped');
    return { kind: 'drop' };
  }
  if (fate !== 'garble') return reply(answer);
  role.ledger.gave('unreadable');
  return reply({ ...answer, headers: { 'content-type': 'application/json' }, body: '{"id":"half' });
};

type Needs = { later(ms: number, act: () => void): void };

/** Answers one call to a played partner: its fate is drawn, the latency waited out, the effect done, and the answer given or withheld. */
export const answerCall = (needs: Needs) => (role: Role, call: SandboxCall, send: (reply: Reply) => void): void => {
  role.ledger.called();
  const fate = role.faults.next();
  if (fate === 'limit') return send(limit(role, call));
  const refused = role.played.enter?.(call);
  if (refused !== undefined) {
    role.ledger.refused();
    return send(reply(refused));
  }
  const finish = (): void => {
    const played = play(role, call, fate);
    role.played.leave?.(call);
    send(played);
  };
  const { latencyMs } = role.faults.order;
  if (latencyMs > 0) needs.later(latencyMs, finish);
  else finish();
};
