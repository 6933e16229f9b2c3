import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { trialArgs } from './bubblewrap-args.ts';
import type { Sandbox } from './containment.ts';

const BUBBLEWRAP = ['/usr/bin/bwrap', '/bin/bwrap', '/usr/local/bin/bwrap', '/run/current-system/sw/bin/bwrap'];
const SANDBOX_EXEC = '/usr/bin/sandbox-exec';
const TRIAL_MS = 10_000;

let found: Sandbox | null = null;

/** What holds children on this system: looked for and tried with a real child once, then known. */
export function findSandbox(): Sandbox {
  found ??= lookForSandbox();
  return found;
}

function lookForSandbox(): Sandbox {
  if (process.platform === 'linux') return lookForBubblewrap();
  if (process.platform === 'darwin') return lookForSandboxExec();
  return { kind: 'none', reason: 'This system has no sandbox that the app can use.' };
}

function lookForBubblewrap(): Sandbox {
  const program = BUBBLEWRAP.find(existsSync);
  if (program === undefined)
    return { kind: 'none', reason: 'bubblewrap is not installed (apt-get install bubblewrap).' };
  const problem = tryOut(program, trialArgs(TRUE.find(existsSync) ?? 'true'));
  if (problem === null) return { kind: 'bubblewrap', program };
  return { kind: 'none', reason: `bubblewrap is installed, but the system does not let it work: ${problem}` };
}

function lookForSandboxExec(): Sandbox {
  if (!existsSync(SANDBOX_EXEC)) return { kind: 'none', reason: 'This macOS has no sandbox-exec.' };
  const problem = tryOut(SANDBOX_EXEC, ['-p', '(version 1)(allow default)', '/usr/bin/true']);
  if (problem === null) return { kind: 'seatbelt', program: SANDBOX_EXEC };
  return { kind: 'none', reason: `sandbox-exec is there, but does not work: ${problem}` };
}

const TRUE = ['/usr/bin/true', '/bin/true', '/run/current-system/sw/bin/true'];

/** Null = it works; else its own words. */
function tryOut(program: string, args: readonly string[]): string | null {
  const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8', env: {}, timeout: TRIAL_MS });
  if (status === 0) return null;
  const said = (error?.message ?? stderr).trim().split('\n').at(-1) ?? '';
  return said === '' ? `it ended with exit code ${status}.` : said.slice(0, 300);
}
