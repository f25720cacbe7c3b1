import { accountCalls } from './account-calls.projection.ts';
import { deliveries } from './deliveries.projection.ts';
import { eventFeed } from './event-feed.projection.ts';
import { integrationStatus } from './integration-status.projection.ts';
import { subjectEvents } from './subject-events.projection.ts';
import type { Projection } from './projection.ts';

/** Every projection there is. */
export const PROJECTIONS: readonly Projection[] = [eventFeed, deliveries, integrationStatus, accountCalls, subjectEvents];
