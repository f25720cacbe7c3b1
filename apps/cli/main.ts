#!/usr/bin/env node
import { runCli } from './run-cli.ts';

const run = runCli({
  print: (line) => process.stdout.write(`${line}\n`),
  printError: (line) => process.stderr.write(`${line}\n`),
});
process.exitCode = await run(process.argv.slice(2));
