import type { ProcessLimits } from '../../shared/model/needs.ts';
import { type ProcessUse, readUse } from './process-table.ts';

const LOOK_EVERY_MS = 200;

/** What a step went beyond. */
export type BrokenLimit = 'memory_exceeded' | 'cpu_exceeded' | 'too_many_processes';

/** Whether what processes use together is within the limits; null = it is. */
export function brokenLimit(uses: readonly ProcessUse[], limits: ProcessLimits): BrokenLimit | null {
  const sum = (of: (use: ProcessUse) => number): number => uses.reduce((total, use) => total + of(use), 0);
  if (limits.processes !== null && uses.length > limits.processes) return 'too_many_processes';
  if (limits.memoryBytes !== null && sum((use) => use.memoryBytes) > limits.memoryBytes) return 'memory_exceeded';
  if (limits.cpuSeconds !== null && sum((use) => use.cpuSeconds) > limits.cpuSeconds) return 'cpu_exceeded';
  return null;
}

/**
 * Looks five times a second at all that runs of a step and tells the first limit that is broken, once. Only Linux says what processes use;
 * elsewhere nothing is told. Returns what ends the looking.
 */
export function watchLimits(
  limits: ProcessLimits | undefined,
  find: () => readonly number[],
  onBroken: (limit: BrokenLimit) => void,
): () => void {
  if (limits === undefined || process.platform !== 'linux') return () => undefined;
  if (Object.values(limits).every((limit) => limit === null)) return () => undefined;
  const timer = setInterval(() => {
    const uses = find().flatMap((pid) => readUse(pid) ?? []);
    const broken = brokenLimit(uses, limits);
    if (broken === null) return;
    clearInterval(timer);
    onBroken(broken);
  }, LOOK_EVERY_MS);
  return () => clearInterval(timer);
}
