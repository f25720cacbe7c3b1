import { setTimeout as pause } from 'node:timers/promises';
import { openDatabase } from '#event-log';
import { seededRandom } from '../../apps/sandbox/seeded-random.ts';
import { showProgress, type Progress, type Screen } from '../../apps/standalone/progress.ts';
import { countCommands, explainCommands } from './count-commands.ts';
import { makeDemoFolder } from './demo-folder.ts';
import { CALLED_PARTNERS, EXPECTED_EFFECTS } from './expected-effects.ts';
import { narrowScreen } from './narrow-screen.ts';
import { openHub, type DemoHub } from './open-hub.ts';
import { planTraffic, type Plan } from './plan-traffic.ts';
import type { DemoOptions } from './read-options.ts';
import { sendDeliveries, type Answers } from './send-deliveries.ts';
import { showBar, sparingly } from './show-bar.ts';
import { signDeliveries } from './sign-delivery.ts';
import { tallyEffects, type AcceptedWebhook } from './tally-effects.ts';
import { untilAtRest } from './until-at-rest.ts';
import { orderFaults, readEffects, readTotals } from './watch-partners.ts';
import { resultOf, writeSummary, type DemoResult, type Findings } from './write-summary.ts';

/** What one run is played with. */
type Stage = { hub: DemoHub; plan: Plan; progress: Progress; isTTY: boolean; stop: AbortSignal };

const send = ({ hub, plan, progress, isTTY, stop }: Stage): Promise<Answers> =>
  progress.step(
    'Webhooks',
    (say) => {
      const show = sparingly(say, isTTY, Date.now);
      const onAnswer = (answered: number) => show(() => `${showBar(answered, plan.deliveries.length, isTTY)} answered`);
      return sendDeliveries({ ingestUrl: hub.ingestUrl, sign: signDeliveries(hub.manifest, hub.env), pause, onAnswer, stop }, plan.deliveries);
    },
    () => `${plan.deliveries.length} answered`,
  );

/** A forged webhook expects nothing, whatever it was answered. */
const acceptedIn = ({ accepted }: Answers): AcceptedWebhook[] =>
  [...accepted].filter(([webhook]) => !webhook.forged).map(([webhook, ids]) => ({ webhook, correlationIds: [...ids], expects: EXPECTED_EFFECTS[webhook.kind] }));

type Outcome = Pick<Findings, 'tally' | 'totals' | 'counts' | 'explained'>;

const watch = ({ hub, progress, isTTY, stop }: Stage, accepted: AcceptedWebhook[]): Promise<Outcome> =>
  progress.step(
    'Partners',
    async (say) => {
      const database = openDatabase({ url: hub.databaseUrl, applicationName: 'trunkline-demo', max: 1 });
      try {
        const [counts, totals] = [() => countCommands(database), () => readTotals(hub.sandboxUrl)];
        const expected = accepted.reduce((sum, { expects }) => sum + expects.length, 0);
        const show = sparingly(say, isTTY, Date.now);
        const onLook = ({ settled }: { settled: number }) => show(() => `${showBar(settled, expected, isTTY)} commands settled`);
        await untilAtRest({ totals, counts, pause, now: Date.now, onLook, stop }, expected);
        const tally = tallyEffects(accepted, await readEffects(hub.sandboxUrl));
        const explained = await explainCommands(database, tally.lost.slice(0, 5).flatMap(({ correlationIds }) => correlationIds));
        return { tally, explained, totals: await totals(), counts: await counts() };
      } finally {
        await database.close();
      }
    },
    ({ tally }) => `${tally.delivered} of ${tally.expected} expected effects are on their record`,
  );

const play = async (stage: Stage, seed: number): Promise<Omit<Findings, 'seconds'>> => {
  const { hub, plan, progress } = stage;
  await orderFaults(hub.sandboxUrl, CALLED_PARTNERS, seed);
  progress.line('The partners fail 10 % of their calls, half of these after they did the work.');
  const answers = await send(stage);
  const outcome = await watch(stage, acceptedIn(answers));
  return { webhooks: plan.webhooks.length, deliveries: plan.deliveries.length, answers, ...outcome };
};

/**
 * The whole demo: a hub of its own in a temporary folder, webhooks in, effects counted at the partners, everything stopped and
 * removed again, also when it fails or is asked to stop; it then rejects with the reason.
 */
export const runDemo = async (options: DemoOptions, env: NodeJS.ProcessEnv, screen: Screen, stop: AbortSignal): Promise<DemoResult> => {
  const startedMs = Date.now();
  const folder = await makeDemoFolder();
  const isTTY = screen.isTTY ?? false;
  const narrow = narrowScreen(screen, folder.path);
  const progress = showProgress(narrow, Date.now);
  screen.write(`A hub of its own, in a folder that goes with it:\n  ${folder.path}\n`);
  try {
    const plan = planTraffic(options.webhooks, seededRandom(options.seed));
    const hub = await openHub(env, folder.path, stop, progress);
    try {
      const found = { ...(await play({ hub, plan, progress, isTTY, stop }, options.seed)), seconds: (Date.now() - startedMs) / 1000 };
      narrow.write(`${writeSummary(found, isTTY && !env['NO_COLOR'])}\n`);
      return resultOf(found);
    } finally {
      await progress.step('Stop', (say) => (say('waiting for the rooms and servers to end'), hub.stop()));
    }
  } finally {
    await folder.remove();
  }
};
