#!/usr/bin/env node
import { readSecret } from './read-secret.ts';
import { runCli } from './run-cli.ts';

const run = runCli({
  print: (line) => process.stdout.write(`${line}\n`),
  printError: (line) => process.stderr.write(`${line}\n`),
  readSecret: (prompt) => readSecret(process.stdin, process.stderr, prompt),
});
process.exitCode = await run(process.argv.slice(2));
