import { loadConfig } from '#boot';
import { HubError, newCorrelationId } from '#contract';
import { ChannelFailure, notifyConfig, openChannels, type Channel, type NoticeMessage } from '#notify';
import type { CliCommand, Report } from './cli-command.ts';

/** What became of a test: what the channel said, or why it did not take it. */
type Tried = { channel: string; taken: boolean; words: string };

const testMessage = (at: Date): NoticeMessage => ({
  id: newCorrelationId(at.getTime()),
  at: at.toISOString(),
  title: 'Trunkline: this is a test',
  entries: [{ heading: 'Somebody tries whether notices arrive', lines: ['Nothing is wrong, and nothing is to be done.'], data: { kind: 'test' } }],
});

const tryOut = async (channel: Channel, message: NoticeMessage): Promise<Tried> => {
  try {
    return { channel: channel.name, taken: true, words: await channel.send(message) };
  } catch (error) {
    if (!(error instanceof ChannelFailure)) throw error;
    return { channel: channel.name, taken: false, words: error.message };
  } finally {
    await channel.close();
  }
};

const lineOf = ({ channel, taken, words }: Tried): string => `${channel}: ${taken ? 'taken' : 'NOT taken'} (${words})`;

const runTest = async (env: NodeJS.ProcessEnv | undefined): Promise<Report> => {
  const channels = openChannels(loadConfig(notifyConfig, env), Date.now);
  if (channels.length === 0) throw new HubError('config-invalid', 'No channel is configured. Set NOTIFY_SLACK_URL, NOTIFY_WEBHOOK_URL or NOTIFY_SMTP_URL; docs/notifications.md says how.');
  const message = testMessage(new Date());
  const tried = await Promise.all(channels.map((channel) => tryOut(channel, message)));
  const lines = tried.map(lineOf);
  if (tried.some(({ taken }) => !taken)) throw new HubError('notice-failed', lines.join('\n'));
  return { lines, data: { channels: tried } };
};

/** What can be done about notices, by name. */
export const NOTIFY_COMMANDS: Readonly<Record<string, CliCommand>> = {
  'notify test': { about: 'Sends a test notice to every channel that is configured here, and says what came back.', run: (_none, env) => runTest(env) },
};
