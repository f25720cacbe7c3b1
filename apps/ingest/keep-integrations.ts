import type { Manifest } from '#contract';
import { followManifest, type EventLog, type ManifestFollower } from '#event-log';
import type { Integration } from './webhook-stages.ts';

type Needs = {
  log: Pick<EventLog, 'manifests'>;
  open(manifest: Manifest): ReadonlyMap<string, Integration>;
  everyMs: number;
  /** Whether a secret may have another value since it was last asked; asked before anything is opened, too. */
  stirred(): Promise<boolean>;
};

export type IntegrationKeeper = {
  /** Of the manifest in force; undefined until the log was read for the first time. */
  current(): ReadonlyMap<string, Integration> | undefined;
  stop(): void;
};

/** Keeps the integrations of the manifest in force at hand. Starts without the log, too, and goes on asking until it answers. */
export const keepIntegrations = async ({ log, open, everyMs, stirred }: Needs): Promise<IntegrationKeeper> => {
  let integrations: ReadonlyMap<string, Integration> | undefined;
  let follower: ManifestFollower | undefined;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  const follow = async (): Promise<void> => {
    try {
      await stirred();
      follower = await followManifest(
        log,
        (history) => {
          const newest = history.at(-1);
          integrations = newest === undefined ? new Map() : open(newest.manifest);
        },
        { everyMs, stirred },
      );
      if (stopped) follower.stop();
    } catch {
      // Until the log answers, every webhook is refused with `log-unavailable`, which says so.
      if (!stopped) timer = setTimeout(() => void follow(), everyMs);
    }
  };
  await follow();
  return {
    current: () => integrations,
    stop: () => {
      stopped = true;
      clearTimeout(timer);
      follower?.stop();
    },
  };
};
