import { describe, expect, it } from 'vitest';
import { HubError, type Manifest, type NewEvent } from '#contract';
import { applyManifest } from './apply-manifest.ts';

const manifest = (...names: string[]): Manifest => ({
  version: 1,
  integrations: names.map((name) => ({ partner: 'slack', name, tenant: 'default', paused: false, credentials: {}, settings: {}, limits: { concurrency: 8, perSecond: 0, timeoutMs: 10_000 } })),
  routes: [],
});

/** A log of manifests in memory. `beforeAppend` plays what somebody else does between our reading and our writing. */
const fakeLog = (beforeAppend: () => Manifest | undefined = () => undefined) => {
  const events: NewEvent[] = [];
  const append = (event: NewEvent): void => {
    if (event.stream!.version !== events.length + 1) throw new HubError('version-conflict', 'taken');
    events.push(event);
  };
  const log = {
    events,
    now: () => new Date('2026-01-02T03:04:05Z'),
    manifests: async () => events.map((event, at) => ({ version: at + 1, manifest: JSON.parse(event.data.toString()) as Manifest })),
    append: async (event: NewEvent) => {
      const other = beforeAppend();
      if (other !== undefined) append({ ...event, id: 'other', data: Buffer.from(JSON.stringify(other)), stream: { name: 'manifest', version: events.length + 1 } });
      append(event);
    },
  };
  return log;
};

describe('applying a manifest', () => {
  it('puts it on the log as one event of the hub, references unresolved', async () => {
    const log = fakeLog();
    const spec = manifest('ops');
    spec.integrations[0]!.credentials = { botToken: '${TOKEN}' };
    expect(await applyManifest(log)(spec)).toMatchObject({ version: 1, changed: true, changes: [{ kind: 'added', name: 'slack.ops' }] });
    expect(log.events).toMatchObject([{
      type: 'operator.manifest-applied', partner: 'trunkline', integration: 'hub', contentType: 'application/json',
      occurredAt: '2026-01-02T03:04:05.000Z', stream: { name: 'manifest', version: 1 },
    }]);
    expect(JSON.parse(log.events[0]!.data.toString())).toEqual(spec);
  });

  it('adds nothing when it says what is in force', async () => {
    const log = fakeLog();
    await applyManifest(log)(manifest('ops'));
    expect(await applyManifest(log)(manifest('ops'))).toEqual({ version: 1, changed: false, changes: [] });
    expect(log.events).toHaveLength(1);
  });

  it('comes back to an older one as a new version', async () => {
    const log = fakeLog();
    for (const names of [['a'], ['b'], ['a']]) await applyManifest(log)(manifest(...names));
    expect(log.events.map((event) => event.stream!.version)).toEqual([1, 2, 3]);
    expect(new Set(log.events.map((event) => event.id)).size).toBe(3);
  });

  it('applies the first one even if it is empty', async () => {
    expect(await applyManifest(fakeLog())(manifest())).toMatchObject({ version: 1, changed: true });
  });

  it('looks again when somebody else was faster', async () => {
    const others = [manifest('theirs')];
    const log = fakeLog(() => others.pop());
    expect(await applyManifest(log)(manifest('ours'))).toMatchObject({ version: 2, changed: true });
    const same = [manifest('new')];
    const again = fakeLog(() => same.pop());
    expect(await applyManifest(again)(manifest('new'))).toMatchObject({ version: 1, changed: false });
  });

  it('gives up when somebody else is always faster', async () => {
    let at = 0;
    const log = fakeLog(() => manifest(`n${(at += 1)}`));
    await expect(applyManifest(log)(manifest('ours'))).rejects.toMatchObject({ code: 'version-conflict' });
    expect(at).toBe(5);
  });

  it('refuses routes that lead back to themselves, and appends nothing', async () => {
    const log = fakeLog();
    const looping = { ...manifest('ops'), routes: [{ name: 'loop', on: 'slack.ops.>', to: [{ name: 't', do: 'slack.ops.post', lane: 'normal' as const, deadlineMs: 1 }] }] };
    await expect(applyManifest(log)(looping)).rejects.toMatchObject({ code: 'route-cycle' });
    expect(log.events).toEqual([]);
  });
});
