import type { IntegrationStatus } from '#read-models';

type Account = { configured: boolean; paused: boolean; status?: Pick<IntegrationStatus, 'counts' | 'lastEvent' | 'lastFailure' | 'lastSuccessAt'> };

const count = (number: number, one: string, many: string): string => `${number} ${number === 1 ? one : many}`;

/** That nothing has succeeded since the last failure, in a sentence; undefined when something has. */
export const troubleSince = ({ lastFailure, lastSuccessAt }: Pick<IntegrationStatus, 'lastFailure' | 'lastSuccessAt'>): string | undefined =>
  lastFailure !== undefined && (lastSuccessAt === undefined || lastFailure.at > lastSuccessAt)
    ? `Nothing has succeeded since it failed with ${lastFailure.code} at ${lastFailure.at}.`
    : undefined;

const lately = ({ status }: Account): string => {
  if (status === undefined) return 'The log says nothing of it yet.';
  const { counts, lastEvent } = status;
  const did = [
    counts.received > 0 ? `${count(counts.received, 'webhook', 'webhooks')} received` : undefined,
    counts.succeeded > 0 ? `${count(counts.succeeded, 'command', 'commands')} done` : undefined,
    counts.dead > 0 ? `${count(counts.dead, 'command', 'commands')} given up` : undefined,
    counts.uncertain > 0 ? `${count(counts.uncertain, 'command', 'commands')} left uncertain` : undefined,
  ].filter((part) => part !== undefined);
  const sum = did.length === 0 ? '' : `So far ${did.join(', ')}. `;
  return [`${sum}Last heard of at ${lastEvent.at}.`, troubleSince(status)].filter(Boolean).join(' ');
};

/** How an account is doing, in a few sentences. */
export const describeIntegration = (account: Account): string => {
  if (!account.configured) return `No longer configured. ${lately(account)}`;
  if (account.paused) return `Paused: its webhooks are refused and its commands wait. ${lately(account)}`;
  return lately(account);
};
