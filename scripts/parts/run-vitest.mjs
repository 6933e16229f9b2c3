import { spawn } from 'node:child_process';
import { at } from './places.mjs';
import { node24, toolEnv } from './run-command.mjs';

/** Runs Vitest in the foreground with these arguments; resolves with its exit code. `env` is added to its environment. */
export function runVitest(args, env = {}) {
  const child = spawn(node24(), [at('node_modules', 'vitest', 'vitest.mjs'), 'run', ...args], {
    cwd: at(),
    stdio: 'inherit',
    env: { ...toolEnv(), ...env },
  });
  return new Promise((resolve) =>
    child.once('close', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 1))),
  );
}
