/** What a partner call tells about the flow it belongs to. */
export type Flow = { commandId: string; correlationId: string; traceparent?: string; hops: number };

/** The name under which a partner, or its support, finds the command that made a call. */
export const COMMAND_HEADER = 'X-Trunkline-Command';

/** Headers for every call of one command; partners ignore those they do not know. */
export const flowHeaders = (flow: Flow): Record<string, string> => {
  const headers: Record<string, string> = {
    'X-Correlation-ID': flow.correlationId,
    'X-Trunkline-Hops': String(flow.hops),
    [COMMAND_HEADER]: flow.commandId,
  };
  if (flow.traceparent !== undefined) headers['traceparent'] = flow.traceparent;
  return headers;
};
