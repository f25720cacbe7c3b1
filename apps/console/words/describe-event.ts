type Told = { type: string; partner: string; integration: string; data?: Buffer };

const askedBy = (data: Buffer | undefined): string => {
  try {
    const { by } = JSON.parse((data ?? Buffer.alloc(0)).toString('utf8')) as { by?: unknown };
    return typeof by === 'string' ? by : 'An operator';
  } catch {
    return 'An operator';
  }
};

const ACTS: Record<string, string> = {
  'apply-manifest': 'put in force', redrive: 'asked again for command', 'create-key': 'made key', 'revoke-key': 'revoked key',
  'erase-person': 'erased person', 'export-person': 'had handed out everything about person', suppress: 'put on the list of those who want no messages:', allow: 'took off the list of those who want no messages:',
  'drop-segment': 'let go, as the manifest says,',
};

/** A record of the audit trail. */
const actedBy = (data: Buffer | undefined): string => {
  try {
    const { act, who, subject, from } = JSON.parse((data ?? Buffer.alloc(0)).toString('utf8')) as { act: string; who: { name: string }; subject: string; from: string };
    return `${who.name} ${ACTS[act] ?? act} ${subject}, from ${from}.`;
  } catch {
    return 'An operator did something.';
  }
};

/** What an event says, in one sentence. */
export const describeEvent = ({ type, partner, integration, data }: Told): string => {
  const account = `${partner}/${integration}`;
  const [category, ...name] = type.split('.');
  if (category === 'inbound') return `${account} told us: ${name.join('.')}.`;
  if (type === 'operator.redrive-requested') return `${askedBy(data)} asked for the command at ${account} to be sent again.`;
  if (type === 'operator.manifest-applied') return 'A new manifest came into force.';
  if (type === 'operator.acted') return actedBy(data);
  return `${type} was recorded for ${account}.`;
};
