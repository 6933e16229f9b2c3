import { setTimeout as pause } from 'node:timers/promises';
import { signalQuietly } from './process-table.ts';
import { StepProcesses } from './step-processes.ts';

/** SPEC §3.6: SIGTERM, SIGKILL after this. */
export const KILL_GRACE_MS = 3000;
const POLL_MS = 25;
const KILL_ROUNDS = 60;

interface EndOptions {
  readonly processes: StepProcesses;
  /** Time for leftovers to end by themselves before they are signalled. */
  readonly patienceMs: number;
  /** Time from SIGTERM to SIGKILL. */
  readonly graceMs: number;
  /** First look; narrower than the whole process table when that is safe. */
  readonly pids?: readonly number[] | undefined;
}

/** Ends what is left of a step's tree and resolves when nothing of it runs any more. */
export async function endStepProcesses(options: EndOptions): Promise<void> {
  const { processes } = options;
  let left = processes.find(options.pids);
  if (left.length === 0) return;
  const waitUntilGone = async (forMs: number): Promise<boolean> => {
    const end = performance.now() + forMs;
    while (left.length > 0 && performance.now() < end) {
      await pause(Math.min(POLL_MS, Math.max(1, end - performance.now())));
      left = processes.find();
    }
    return left.length === 0;
  };
  if (await waitUntilGone(options.patienceMs)) return;
  for (const pid of left) signalQuietly(pid, 'SIGTERM');
  if (await waitUntilGone(options.graceMs)) return;
  for (let round = 0; round < KILL_ROUNDS && left.length > 0; round += 1) {
    processes.killGroup();
    for (const pid of left) signalQuietly(pid, 'SIGKILL');
    await pause(POLL_MS);
    left = processes.find();
  }
}

/** Ends processes that an earlier helper left behind; only Linux lets us find them. */
export async function endOrphans(stepKey: string): Promise<void> {
  if (process.platform !== 'linux' || stepKey === '') return;
  const processes = new StepProcesses({ stepKey, group: null });
  await endStepProcesses({ processes, patienceMs: 0, graceMs: KILL_GRACE_MS });
}
