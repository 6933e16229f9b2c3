import { setTimeout as pause } from 'node:timers/promises';
import { canSignal, findStepProcesses, signalQuietly } from './process-table.ts';

/** SPEC §3.6: SIGTERM, SIGKILL after this. */
export const KILL_GRACE_MS = 3000;
const POLL_MS = 25;
const KILL_ROUNDS = 60;

interface EndOptions {
  readonly stepKey: string;
  /** Process group of the step's child, when known. */
  readonly group: number | null;
  /** Time for leftovers to end by themselves before they are signalled. */
  readonly patienceMs: number;
  /** Time from SIGTERM to SIGKILL. */
  readonly graceMs: number;
  /** First look; narrower than the whole process table when that is safe. */
  readonly pids?: readonly number[] | undefined;
}

/** Ends what is left of a step's tree and resolves when nothing of it runs any more. */
export async function endStepProcesses(options: EndOptions): Promise<void> {
  const { stepKey, group } = options;
  let left = findStepProcesses(stepKey, group, options.pids);
  if (left.length === 0) return;
  const waitUntilGone = async (forMs: number): Promise<boolean> => {
    const end = performance.now() + forMs;
    while (left.length > 0 && performance.now() < end) {
      await pause(Math.min(POLL_MS, Math.max(1, end - performance.now())));
      left = findStepProcesses(stepKey, group);
    }
    return left.length === 0;
  };
  if (await waitUntilGone(options.patienceMs)) return;
  for (const pid of left) signalQuietly(pid, 'SIGTERM');
  if (await waitUntilGone(options.graceMs)) return;
  for (let round = 0; round < KILL_ROUNDS && left.length > 0; round += 1) {
    // The whole group at one stroke: what forks faster than we look cannot get away.
    if (group !== null && canSignal(-group)) signalQuietly(-group, 'SIGKILL');
    for (const pid of left) signalQuietly(pid, 'SIGKILL');
    await pause(POLL_MS);
    left = findStepProcesses(stepKey, group);
  }
}

/** Ends processes that an earlier helper left behind; only Linux lets us find them. */
export async function endOrphans(stepKey: string): Promise<void> {
  if (process.platform !== 'linux' || stepKey === '') return;
  await endStepProcesses({ stepKey, group: null, patienceMs: 0, graceMs: KILL_GRACE_MS });
}
