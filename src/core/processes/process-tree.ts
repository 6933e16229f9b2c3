import { spawn } from 'node:child_process';
import type { ProcessLimits } from '../../shared/model/needs.ts';
import { endStepProcesses, KILL_GRACE_MS } from './end-step-processes.ts';
import { type BrokenLimit, type LimitWatch, watchLimits } from './limit-watch.ts';
import { StepProcesses } from './step-processes.ts';

/** A process that was started as the leader of its own group, and the mark that it and its children carry. */
export interface ProcessTree {
  readonly pid: number;
  /** Value of `AIWORKFLOW_STEP_KEY` in its environment: on Linux what left the group is found by it. */
  readonly mark: string;
}

/**
 * Ends a tree: after `patienceMs` SIGTERM, after 3 s more SIGKILL (SPEC §3.6; Windows: `taskkill /T /F` at once). Resolves when
 * nothing of it runs any more; never rejects.
 */
export async function endProcessTree(tree: ProcessTree, patienceMs: number): Promise<void> {
  if (process.platform === 'win32') return endTreeOnWindows(tree.pid);
  const processes = new StepProcesses({ stepKey: tree.mark, group: tree.pid });
  await endStepProcesses({ processes, patienceMs, graceMs: KILL_GRACE_MS });
}

/** Looks at what a tree uses from now on. */
export function watchProcessTree(
  { pid, mark }: ProcessTree,
  limits: ProcessLimits | undefined,
  onBroken: (limit: BrokenLimit) => void,
): LimitWatch {
  const processes = new StepProcesses({ stepKey: mark, group: pid });
  return watchLimits(limits, () => processes.find(), onBroken);
}

function endTreeOnWindows(pid: number): Promise<void> {
  return new Promise((resolve) => {
    const killer = spawn('taskkill', ['/PID', String(pid), '/T', '/F'], { stdio: 'ignore', windowsHide: true });
    killer.once('error', () => resolve());
    killer.once('exit', () => resolve());
  });
}
