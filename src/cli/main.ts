/** Entry of the command line: runs one command with the terminal, the signals and the standard input of this process. */

import { processInterrupts } from './interrupts.ts';
import { makePorts } from './ports.ts';
import { runCli } from './program.ts';
import { readSecret } from './read-secret.ts';
import { colorsFor, processTerminal } from './terminal.ts';

const argv = process.argv.slice(2);
const wantsColor = !argv.includes('--no-color');
const ports = makePorts({
  terminal: processTerminal(),
  interrupts: processInterrupts(),
  cwd: process.cwd(),
  colors: { out: colorsFor(process.stdout, wantsColor), err: colorsFor(process.stderr, wantsColor) },
  readSecret,
});
const exitCode = await runCli(argv, ports);
await ports.terminal.flush();
process.exit(exitCode);
