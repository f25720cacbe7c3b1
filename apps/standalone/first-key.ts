import { COMMANDS } from '../cli/commands.ts';

/** Makes a key for everything when this database has none, and gives its text; undefined when there is one already. */
export const firstKey = async (env: NodeJS.ProcessEnv): Promise<string | undefined> => {
  const { data: listed } = await COMMANDS['keys list']!.run('', env);
  if ((listed['items'] as unknown[]).length > 0) return undefined;
  const { data: made } = await COMMANDS['keys create']!.run('', env, { name: ['first'], scope: ['admin'] });
  return made['text'] as string;
};
