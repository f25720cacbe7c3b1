/** The sandbox's own record of one partner. */
export type PartnerRecord = { calls: number; effects: number; references: number; deduplicated: number; doubled: number };

export const readRecord = async (sandboxUrl: string): Promise<Record<string, PartnerRecord>> => {
  const answer = (await (await fetch(`${sandboxUrl}/_sandbox/record`)).json()) as { partners: Record<string, PartnerRecord> };
  return answer.partners;
};

export const setFaults = async (sandboxUrl: string, faults: object): Promise<void> => {
  const answer = await fetch(`${sandboxUrl}/_sandbox/faults`, { method: 'PUT', body: JSON.stringify(faults) });
  if (!answer.ok) throw new Error(`The sandbox refused the faults: ${await answer.text()}`);
};

export type Tally = { accepted: number; partners: Record<string, PartnerRecord>; lost: number; doubled: number };

const tally = (accepted: number, partners: Record<string, PartnerRecord>): Tally => {
  const records = Object.values(partners);
  return {
    accepted,
    partners,
    lost: records.reduce((sum, record) => sum + Math.max(0, accepted - record.references), 0),
    doubled: records.reduce((sum, record) => sum + record.doubled + Math.max(0, record.effects - record.references), 0),
  };
};

/**
 * Waits until each of these partners has an effect for every accepted webhook, at most `withinMs` without any progress,
 * and answers what the sandbox has on record.
 */
export const untilAllArrived = async (sandboxUrl: string, names: string[], accepted: number, withinMs = 60_000): Promise<Tally> => {
  let best = -1;
  let since = Date.now();
  for (;;) {
    const all = await readRecord(sandboxUrl);
    const partners = Object.fromEntries(names.map((name) => [name, all[name]!]));
    const arrived = Object.values(partners).reduce((sum, record) => sum + record.references, 0);
    if (arrived >= accepted * names.length) return tally(accepted, partners);
    if (arrived > best) [best, since] = [arrived, Date.now()];
    if (Date.now() - since > withinMs) return tally(accepted, partners);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
};
