// Runs a script on the project's own Node and ends as it ends.
import { spawn } from 'node:child_process';
import { delimiter, dirname } from 'node:path';
import { node } from './setup.mjs';

/** Signals are the child's to answer: it shares our terminal, and what another process sends us is passed on. */
export function runNode(words, options = {}) {
  const env = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}`, ...options.env };
  const child = spawn(node, words, { stdio: 'inherit', cwd: options.cwd, env });
  const forward = (signal) => {
    if (!process.stdin.isTTY) child.kill(signal);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => forward(signal));
  return new Promise((resolve) => {
    child.once('error', (error) => {
      process.stderr.write(`The app could not be started: ${error.message}\n`);
      resolve(1);
    });
    child.once('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 1)));
  });
}
