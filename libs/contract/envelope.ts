import { CARRIED, type HubEvent } from './event.ts';
import { isSealed, type Command, type CommandFacts, type Lane } from './command.ts';
import { SEALED_HEADER, sealedFor, sealedHeader } from './personal.ts';

/**
 * CloudEvents 1.0, binary mode of the NATS binding: attributes in headers, the body untouched.
 * A message is its headers by lower-case name, and its bytes.
 */
export type Message = { headers: Record<string, string>; body: Uint8Array };

const sequenceOf = (at: { tx: bigint; position: bigint }): string => `${at.tx}.${at.position}`;

/** An event as it stands in `EVENTS`. Partner headers that were kept travel under their own names. */
export const eventToMessage = (event: HubEvent): Message => {
  const headers: Record<string, string> = {
    ...event.headers,
    'ce-specversion': '1.0',
    'ce-id': event.id,
    'ce-source': `/${event.partner}/${event.integration}`,
    'ce-type': event.type,
    'ce-time': event.occurredAt,
    'content-type': event.contentType,
    'ce-sequence': sequenceOf(event.at),
    'ce-recordedtime': event.recordedAt,
    'ce-correlationid': event.correlationId,
  };
  if (event.causationId !== undefined) headers['ce-causationid'] = event.causationId;
  if (event.tenant !== 'default') headers['ce-tenant'] = event.tenant;
  return { headers, body: event.data };
};

const OURS = /^(ce-|nats-|content-type$)/;

/** Reads what `eventToMessage` wrote. */
export const eventFromMessage = (message: Message): HubEvent => {
  const get = (name: string): string => message.headers[name] ?? '';
  const [, partner = '', integration = ''] = get('ce-source').split('/');
  const [tx = '0', position = '0'] = get('ce-sequence').split('.');
  const headers: Record<string, string> = {};
  for (const name in message.headers) if (!OURS.test(name)) headers[name] = message.headers[name]!;
  return {
    id: get('ce-id'),
    type: get('ce-type'),
    partner,
    integration,
    tenant: message.headers['ce-tenant'] ?? 'default',
    correlationId: get('ce-correlationid'),
    causationId: message.headers['ce-causationid'],
    occurredAt: get('ce-time'),
    recordedAt: get('ce-recordedtime'),
    schemaVersion: 1,
    contentType: get('content-type'),
    data: Buffer.from(message.body.buffer, message.body.byteOffset, message.body.byteLength),
    headers,
    at: { tx: BigInt(tx), position: BigInt(position) },
  };
};

const bodyOf = (command: Command): Buffer => (isSealed(command) ? Buffer.from(command.sealed.input, 'base64') : Buffer.from(JSON.stringify(command.input ?? null)));

/** A command as it stands in `COMMANDS`; the body is its input as JSON, or that JSON sealed. */
export const commandToMessage = (command: Command): Message => {
  const headers: Record<string, string> = {
    'ce-specversion': '1.0',
    'ce-id': command.id,
    'ce-source': `/routes/${command.route}/${command.target}`,
    'ce-type': `${command.partner}.${command.integration}.${command.action}`,
    'ce-time': command.issuedAt,
    'content-type': 'application/json',
    'ce-correlationid': command.correlationId,
    'ce-causationid': command.eventId,
    'ce-deadline': command.deadline,
    'ce-lane': command.lane,
    [CARRIED.hops]: String(command.hops),
  };
  if (command.traceparent !== undefined) headers[CARRIED.traceparent] = command.traceparent;
  if (command.tenant !== 'default') headers['ce-tenant'] = command.tenant;
  if (command.redrive > 0) headers['ce-redrive'] = String(command.redrive);
  if (command.redrivenBy !== undefined) headers['ce-redrivenby'] = command.redrivenBy;
  if (command.defect !== undefined) headers['ce-defect'] = encodeURIComponent(JSON.stringify(command.defect));
  if (command.recipients !== undefined) headers['ce-recipients'] = encodeURIComponent(JSON.stringify(command.recipients));
  if (isSealed(command)) headers[SEALED_HEADER] = sealedHeader(command.sealed.subjects);
  return { headers, body: bodyOf(command) };
};

const factsFromMessage = (message: Message): CommandFacts => {
  const get = (name: string): string => message.headers[name] ?? '';
  const [, , route = '', target = ''] = get('ce-source').split('/');
  const [partner = '', integration = '', action = ''] = get('ce-type').split('.');
  const { 'ce-defect': defect, 'ce-recipients': recipients } = message.headers;
  return {
    id: get('ce-id'),
    partner,
    integration,
    action,
    lane: get('ce-lane') as Lane,
    tenant: message.headers['ce-tenant'] ?? 'default',
    route,
    target,
    eventId: get('ce-causationid'),
    correlationId: get('ce-correlationid'),
    traceparent: message.headers[CARRIED.traceparent],
    hops: Number(get(CARRIED.hops)) || 0,
    issuedAt: get('ce-time'),
    deadline: get('ce-deadline'),
    redrive: Number(get('ce-redrive')) || 0,
    redrivenBy: message.headers['ce-redrivenby'],
    defect: defect === undefined ? undefined : JSON.parse(decodeURIComponent(defect)),
    ...(recipients !== undefined && { recipients: JSON.parse(decodeURIComponent(recipients)) }),
  };
};

/** Reads what `commandToMessage` wrote. */
export const commandFromMessage = (message: Message): Command => {
  const facts = factsFromMessage(message);
  const body = Buffer.from(message.body);
  const subjects = sealedFor(message.headers);
  return subjects === undefined ? { ...facts, input: JSON.parse(body.toString('utf8')) } : { ...facts, sealed: { subjects, input: body.toString('base64') } };
};
