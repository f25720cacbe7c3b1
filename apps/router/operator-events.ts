import { CARRIED, type Command, type HubEvent } from '#contract';

export const isManifestChange = (event: HubEvent): boolean => event.type === 'operator.manifest-applied';

export const isRedrive = (event: HubEvent): boolean => event.type === 'operator.redrive-requested';

type RedriveData = { redrive: number; command: Command };

/** The command that an operator asked for again: the same work under the same id, with as much time as it had at first. */
export const redrivenCommand = (event: HubEvent): Command => {
  const { redrive, command } = JSON.parse(event.data.toString('utf8')) as RedriveData;
  const issuedAtMs = Date.parse(event.recordedAt);
  const patienceMs = Date.parse(command.deadline) - Date.parse(command.issuedAt);
  return {
    ...command,
    redrive,
    traceparent: event.headers[CARRIED.traceparent],
    redrivenBy: event.headers[CARRIED.traceparent],
    issuedAt: new Date(issuedAtMs).toISOString(),
    deadline: new Date(issuedAtMs + patienceMs).toISOString(),
  };
};
