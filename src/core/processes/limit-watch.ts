import type { ProcessLimits } from '../../shared/model/needs.ts';
import { type ProcessUse, readUse } from './process-table.ts';

const LOOK_EVERY_MS = 200;

/** What a step went beyond. */
export type BrokenLimit = 'memory_exceeded' | 'cpu_exceeded' | 'too_many_processes';

/** Whether what processes use together is within the limits; null = it is. `before` = processor time that does not count. */
export function brokenLimit(uses: readonly ProcessUse[], limits: ProcessLimits, before = 0): BrokenLimit | null {
  const sum = (of: (use: ProcessUse) => number): number => uses.reduce((total, use) => total + of(use), 0);
  if (limits.processes !== null && uses.length > limits.processes) return 'too_many_processes';
  if (limits.memoryBytes !== null && sum((use) => use.memoryBytes) > limits.memoryBytes) return 'memory_exceeded';
  if (limits.cpuSeconds !== null && sum((use) => use.cpuSeconds) - before > limits.cpuSeconds) return 'cpu_exceeded';
  return null;
}

/** The looking at what a tree of processes uses. */
export interface LimitWatch {
  /** What was used of the processor until now counts no more: another piece of work begins. */
  countAnew(): void;
  stop(): void;
}

const NO_WATCH: LimitWatch = { countAnew: () => undefined, stop: () => undefined };

/**
 * Looks five times a second at all that runs of a step and tells the first limit that is broken, once. Only Linux says what processes use;
 * elsewhere nothing is told.
 */
export function watchLimits(
  limits: ProcessLimits | undefined,
  find: () => readonly number[],
  onBroken: (limit: BrokenLimit) => void,
): LimitWatch {
  if (limits === undefined || process.platform !== 'linux') return NO_WATCH;
  if (Object.values(limits).every((limit) => limit === null)) return NO_WATCH;
  let before = 0;
  const look = (): readonly ProcessUse[] => find().flatMap((pid) => readUse(pid) ?? []);
  const timer = setInterval(() => {
    const broken = brokenLimit(look(), limits, before);
    if (broken === null) return;
    clearInterval(timer);
    onBroken(broken);
  }, LOOK_EVERY_MS);
  return {
    countAnew: () => {
      before = look().reduce((total, { cpuSeconds }) => total + cpuSeconds, 0);
    },
    stop: () => clearInterval(timer),
  };
}
