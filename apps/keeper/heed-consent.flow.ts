import { HubError, type HubEvent, type Identifier } from '#contract';
import type { Opened } from '#vault';
import type { Given } from './consents-in-force.ts';

/** What somebody said, where and when. */
export type Said = { identifier: Identifier; state: 'suppressed' | 'allowed'; event: HubEvent };

type Needs = {
  /** Must run before the events behind a change of the manifest are looked at. */
  refresh(): Promise<void>;
  mayGive(event: HubEvent): boolean;
  /** Each event as it can be read; undefined for one that was erased, the reason for one that cannot be opened. */
  open(events: readonly HubEvent[]): Promise<(Opened<HubEvent> | HubError | undefined)[]>;
  /** Told of an event that cannot be opened, and is passed over. */
  passedOver(event: HubEvent, why: HubError): void;
  given(event: HubEvent): Given[];
  /** The identifiers that an event gives of who says so. */
  identifiers(given: Given): Identifier[];
  /** Changes nothing when something newer was said. */
  put(said: Said): Promise<void>;
  remember(last: HubEvent): Promise<void>;
};

const heedOne = async (needs: Needs, event: HubEvent): Promise<void> => {
  if (event.type === 'operator.manifest-applied') return needs.refresh();
  if (!needs.mayGive(event)) return;
  const [opened] = await needs.open([event]);
  if (opened === undefined) return;
  if (opened instanceof HubError) return needs.passedOver(event, opened);
  for (const given of needs.given(opened.event)) {
    const state = given.spec.means === 'suppress' ? 'suppressed' : 'allowed';
    for (const identifier of needs.identifiers(given)) await needs.put({ identifier, state, event });
  }
};

/**
 * Puts what people say in webhooks about messages on the list, in the order of the log. Safe to run twice: the newest word counts,
 * by the instant at which its event was recorded. One that cannot be opened is passed over, and holds up nobody else's word.
 */
export const heedConsent = (needs: Needs) => async (events: HubEvent[]): Promise<void> => {
  for (const event of events) await heedOne(needs, event);
  await needs.remember(events.at(-1)!);
};
