import { createHash } from 'node:crypto';
import { HUB_PARTNER, isHubError, newCorrelationId, operatorEventId, type Manifest, type NewEvent } from '#contract';
import { changeText, diffManifests, type ManifestChange } from '#manifest';
import { assertNoCycles } from '#routing';

type VersionedEvent = NewEvent & { stream: { name: string; version: number } };

type Needs = {
  /** Applied manifests, oldest first. */
  manifests(): Promise<{ version: number; manifest: Manifest }[]>;
  /** Appends it, and puts the changes on the audit trail. Throws HubError('version-conflict') when the stream already has that version. */
  append(event: VersionedEvent, changes: string[]): Promise<unknown>;
  now(): Date;
};

/** What became of a manifest: `version` is the one in force now, whether it was applied just now (`changed`) or before. */
export type AppliedManifest = { version: number; changed: boolean; changes: ManifestChange[] };

const STREAM = 'manifest';
const MAX_TRIES = 5;

const manifestApplied = (manifest: Manifest, version: number, now: Date): VersionedEvent => {
  const data = Buffer.from(JSON.stringify(manifest));
  const digest = createHash('sha256').update(data).digest('hex');
  return {
    id: operatorEventId('apply-manifest', digest, version),
    type: 'operator.manifest-applied',
    partner: HUB_PARTNER,
    integration: 'hub',
    tenant: 'default',
    correlationId: newCorrelationId(now.getTime()),
    occurredAt: now.toISOString(),
    schemaVersion: 1,
    contentType: 'application/json',
    data,
    headers: {},
    stream: { name: STREAM, version },
  };
};

const tryToApply = async (needs: Needs, manifest: Manifest): Promise<AppliedManifest> => {
  const inForce = (await needs.manifests()).at(-1);
  const changes = diffManifests(inForce?.manifest, manifest);
  if (inForce !== undefined && changes.length === 0) return { version: inForce.version, changed: false, changes };
  const version = (inForce?.version ?? 0) + 1;
  await needs.append(manifestApplied(manifest, version, needs.now()), changes.map(changeText));
  return { version, changed: true, changes };
};

/**
 * Puts a manifest in force unless it says what is in force already. When somebody else applies at the same time,
 * looks again and repeats. Throws HubError: `route-cycle`, `log-unavailable`, or `version-conflict` after five tries.
 */
export const applyManifest = (needs: Needs) => async (manifest: Manifest): Promise<AppliedManifest> => {
  assertNoCycles(manifest);
  for (let tries = 1; ; tries += 1) {
    try {
      return await tryToApply(needs, manifest);
    } catch (error) {
      if (!isHubError(error, 'version-conflict') || tries === MAX_TRIES) throw error;
    }
  }
};
