import { Faults } from './faults.ts';
import { playAirtable } from './played/airtable.ts';
import { playHttp } from './played/http.ts';
import type { PlayedPartner, PlayNeeds } from './played/played-partner.ts';
import { playSlack } from './played/slack.ts';
import { playStripe } from './played/stripe.ts';
import { PartnerLedger } from './record.ts';

/** One partner on the stage: who plays it, what was done to it, and what shall go wrong. */
export type Role = { name: string; played: PlayedPartner; ledger: PartnerLedger; faults: Faults };

const PLAYERS: Record<string, (needs: PlayNeeds) => PlayedPartner> = { stripe: playStripe, slack: playSlack, airtable: playAirtable, http: playHttp };

/** Sets up every partner that the sandbox can play, by the first segment of its paths. */
export const setStage = (now: () => number): Map<string, Role> => {
  const stage = new Map<string, Role>();
  for (const [name, play] of Object.entries(PLAYERS)) {
    const ledger = new PartnerLedger(now);
    stage.set(name, { name, ledger, faults: new Faults(now), played: play({ effects: ledger, now }) });
  }
  return stage;
};
