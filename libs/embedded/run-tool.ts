import { spawn } from 'node:child_process';

/** Runs a tool of the machine to its end. Rejects with what it complained of, also when it is not installed. */
export const runTool = (path: string, args: string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = spawn(path, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'], timeout: 180_000 });
    let [out, complaint] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
    child.once('error', (error) => reject(new Error(`${path} cannot be run: ${error.message}`)));
    child.once('close', (code, signal) => {
      if (code === 0) return resolve(out);
      const words = complaint.trim().split('\n').slice(-3).join(' ');
      reject(new Error(`${path} ended with ${signal ?? code}: ${words}`));
    });
  });
