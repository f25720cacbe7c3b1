import type { AppliedManifest, EventLog } from './event-log.ts';

export type ManifestFollower = {
  /** All applied so far, oldest first. */
  history(): readonly AppliedManifest[];
  stop(): void;
};

/**
 * Keeps the applied manifests at hand and calls `changed` for each state that is new, the first time before it returns.
 * Looks every `everyMs`; while the log is away, what is known stays in force. `stirred` is asked at each look: true calls `changed`
 * again for the same manifests, because something that they refer to is different now.
 */
export const followManifest = async (
  log: Pick<EventLog, 'manifests'>,
  changed: (history: readonly AppliedManifest[]) => void | Promise<void>,
  { everyMs = 1_000, stirred = async () => false }: { everyMs?: number; stirred?: () => Promise<boolean> } = {},
): Promise<ManifestFollower> => {
  const history: AppliedManifest[] = await log.manifests();
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  await changed(history);

  const look = async (): Promise<void> => {
    try {
      const newer = await log.manifests(history.at(-1)?.version ?? 0);
      const again = await stirred();
      if ((newer.length > 0 || again) && !stopped) {
        history.push(...newer);
        await changed(history);
      }
    } catch {
      // The log is away; the next look finds what was missed.
    }
    if (!stopped) schedule();
  };
  const schedule = (): void => {
    timer = setTimeout(() => void look(), everyMs);
    timer.unref();
  };
  schedule();
  return {
    history: () => history,
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
};
