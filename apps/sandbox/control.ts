import { NO_FAULTS, readFaultOrder } from './faults.ts';
import { json, jsonObject, type SandboxAnswer, type SandboxCall } from './played/played-partner.ts';
import type { Role } from './stage.ts';

const wrong = (status: number, detail: string): SandboxAnswer => json(status, { error: 'sandbox', message: detail });

const putFaults = (stage: Map<string, Role>, body: Buffer): SandboxAnswer => {
  const given = jsonObject(body);
  if (given === undefined) return wrong(400, 'Send a JSON object, for example {"partner":"slack","failRate":0.1}.');
  const order = readFaultOrder(given);
  if (typeof order === 'string') return wrong(400, `${order}.`);
  const { partner } = given;
  if (partner !== undefined && !stage.has(String(partner))) return wrong(400, `No partner "${String(partner)}" is played: ${[...stage.keys()].join(', ')}.`);
  for (const role of stage.values()) if (partner === undefined || partner === role.name) role.faults.set(order);
  return faultsNow(stage);
};

const faultsNow = (stage: Map<string, Role>): SandboxAnswer => json(200, { partners: Object.fromEntries([...stage].map(([name, role]) => [name, role.faults.order])) });

const recordNow = (stage: Map<string, Role>, withIds: boolean): SandboxAnswer => {
  const partners: Record<string, object> = {};
  const totals = { calls: 0, effects: 0, references: 0, deduplicated: 0, doubled: 0 };
  for (const [name, { ledger }] of stage) {
    const summary = ledger.summary();
    for (const key of Object.keys(totals) as (keyof typeof totals)[]) totals[key] += summary[key];
    partners[name] = withIds ? { ...summary, ...ledger.details() } : summary;
  }
  return json(200, { totals, partners });
};

const startAnew = (stage: Map<string, Role>): SandboxAnswer => {
  for (const { ledger, played } of stage.values()) {
    ledger.reset();
    played.reset();
  }
  return { status: 204, body: '' };
};

/** The sandbox's own paths: `/_sandbox/faults` (GET, PUT, DELETE) and `/_sandbox/record` (GET, with `?ids=1` every effect; DELETE forgets all, also what the partners remember). */
export const answerControl = (stage: Map<string, Role>, call: SandboxCall): SandboxAnswer => {
  switch (`${call.method} ${call.path}`) {
    case 'GET /faults':
      return faultsNow(stage);
    case 'PUT /faults':
      return putFaults(stage, call.body);
    case 'DELETE /faults':
      for (const role of stage.values()) role.faults.set(NO_FAULTS);
      return { status: 204, body: '' };
    case 'GET /record':
      return recordNow(stage, call.query.get('ids') === '1');
    case 'DELETE /record':
      return startAnew(stage);
    default:
      return wrong(404, `There is no ${call.method} /_sandbox${call.path}.`);
  }
};
