import { Faults } from './faults.ts';
import { PlayedAirtable } from './played/airtable.ts';
import { PlayedHttp } from './played/http.ts';
import type { PlayedPartner, PlayNeeds } from './played/played-partner.ts';
import { PlayedSlack } from './played/slack.ts';
import { PlayedStripe } from './played/stripe.ts';
import { PartnerLedger } from './record.ts';

/** One partner on the stage: who plays it, what was done to it, and what shall go wrong. */
export type Role = { name: string; played: PlayedPartner; ledger: PartnerLedger; faults: Faults };

const PLAYERS: Record<string, new (needs: PlayNeeds) => PlayedPartner> = { stripe: PlayedStripe, slack: PlayedSlack, airtable: PlayedAirtable, http: PlayedHttp };

/** Sets up every partner that the sandbox can play, by the first segment of its paths. */
export const setStage = (now: () => number): Map<string, Role> => {
  const stage = new Map<string, Role>();
  for (const [name, Player] of Object.entries(PLAYERS)) {
    const ledger = new PartnerLedger(now);
    stage.set(name, { name, ledger, faults: new Faults(now), played: new Player({ effects: ledger, now }) });
  }
  return stage;
};
