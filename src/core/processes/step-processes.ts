import { allPids, canSignal, carriesMark, type ProcessStat, readLivingStat } from './process-table.ts';

const isLinux = process.platform === 'linux';

/** By what the processes of a step are known. */
export interface StepTraces {
  /** Value of `AIWORKFLOW_STEP_KEY` in their environment; empty = none has it. */
  readonly stepKey: string;
  /** Pid of the step's child, which leads a process group; null = it is not known. */
  readonly group: number | null;
  /** Orphans of the step that the keeper has taken in, when there is a keeper. */
  readonly adopted?: (() => readonly number[]) | undefined;
}

/**
 * The living processes of a step: those that carry its key, those of its process group, those that were taken in when their parents
 * ended, and whatever descends from any of these, also without key, group and session of the step (`env -i setsid`). What was found
 * once stays known by pid and start time, so that the death of its parent hides nothing. Off Linux only the group can be seen; it is
 * given as `-group`.
 */
export class StepProcesses {
  readonly #traces: StepTraces;
  readonly #known = new Map<number, string>();

  constructor(traces: StepTraces) {
    this.#traces = traces;
  }

  /** `pids` = where a young child's leftovers can be only: used while nothing else is known of any. */
  find(pids?: readonly number[]): number[] {
    const { stepKey, adopted } = this.#traces;
    if (!isLinux) return this.#isGroupThere() ? [-(this.#traces.group ?? 0)] : [];
    const orphans = adopted?.() ?? [];
    if (pids !== undefined && orphans.length === 0 && this.#known.size === 0 && !this.#isGroupThere())
      return pids.filter((pid) => pid !== process.pid && carriesMark(pid, stepKey));
    return this.#findAll(orphans);
  }

  /** Every process of the group at one stroke: what forks faster than we look cannot get away. */
  killGroup(): void {
    const { group } = this.#traces;
    if (group === null || !this.#isGroupThere()) return;
    try {
      process.kill(-group, 'SIGKILL');
    } catch {
      // gone meanwhile
    }
  }

  #isGroupThere(): boolean {
    const { group } = this.#traces;
    return group !== null && canSignal(-group);
  }

  #findAll(orphans: readonly number[]): number[] {
    const { stepKey, group } = this.#traces;
    const isGroupThere = this.#isGroupThere();
    const table = new Map<number, ProcessStat>();
    const childrenOf = new Map<number, number[]>();
    const roots: number[] = [...orphans];
    for (const pid of allPids()) {
      const stat = pid === process.pid ? null : readLivingStat(pid);
      if (stat === null) continue;
      table.set(pid, stat);
      const siblings = childrenOf.get(stat.parent);
      if (siblings === undefined) childrenOf.set(stat.parent, [pid]);
      else siblings.push(pid);
      const isOurs = (isGroupThere && stat.group === group) || this.#known.get(pid) === stat.startedAt;
      if (isOurs || carriesMark(pid, stepKey)) roots.push(pid);
    }
    const found = new Set<number>();
    for (let pid = roots.pop(); pid !== undefined; pid = roots.pop()) {
      const stat = table.get(pid);
      if (stat === undefined || found.has(pid)) continue;
      found.add(pid);
      this.#known.set(pid, stat.startedAt);
      roots.push(...(childrenOf.get(pid) ?? []));
    }
    return [...found];
  }
}
