import type { Partner } from '#partner-kit';
import { airtable } from './airtable/airtable.partner.ts';
import { generic } from './generic/generic.partner.ts';
import { github } from './github/github.partner.ts';
import { http } from './http/http.partner.ts';
import { slack } from './slack/slack.partner.ts';
import { stripe } from './stripe/stripe.partner.ts';

const all: Partner[] = [
  airtable,
  generic,
  github,
  http,
  slack,
  stripe,
];

/** Every partner that the hub knows, by name. */
export const partners: Record<string, Partner> = Object.assign(Object.create(null), Object.fromEntries(all.map((partner) => [partner.name, partner])));

/** The names of those that can be asked to do something: each has a queue, and a connector to serve it. */
export const actingPartners: readonly string[] = all.filter(({ actions }) => Object.keys(actions).length > 0).map(({ name }) => name);

/** The partner of that name, if the hub knows it. */
export const partnerNamed = (name: string): Partner | undefined => partners[name];
