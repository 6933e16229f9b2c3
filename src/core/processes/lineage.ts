import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { carriesAnyMark, carriesMark, readCommand, readLivingStat } from './process-table.ts';

/** Whether a process belongs to a step of a project, and by which processes that may be seen. */
export interface Lineage {
  /** The process and whoever started it. */
  readonly pids: readonly number[];
  /** It descends from what a step of this project started. */
  readonly isOfStep: boolean;
}

/** Of which project a process is looked at, and from where. */
export interface LineageView {
  readonly stateDir: string;
  /** The process that holds the project, where that is this one: beyond it nothing is of interest. */
  readonly holder: number | null;
}

const HELPER = /(?:^|[/\\])process-helper\.[jt]s$/;
/** Nobody has as many ancestors: a table that changes while it is read must not be followed for ever. */
const MAX_ANCESTORS = 512;

/**
 * Where a process comes from, by the kernel's word and not by its own: among its ancestors is the helper that starts the scripts of the
 * project, or the keeper that takes their orphans in, whatever environment, group or session it has given itself. What a server of a tool
 * starts is known by the mark of the server. A process that is gone counts as one of a step: nobody can tell any more. Linux only; elsewhere
 * nobody is known to be one.
 */
export function readLineage(pid: number, { stateDir, holder }: LineageView): Lineage {
  if (process.platform !== 'linux') return { pids: [], isOfStep: false };
  const helpersDir = realOf(join(stateDir, 'helpers'));
  const pids: number[] = [];
  let isMarked = false;
  for (let at = pid; at > 1 && at !== holder && pids.length < MAX_ANCESTORS; ) {
    const stat = readLivingStat(at);
    if (stat === null) return { pids, isOfStep: true };
    pids.push(at);
    const command = readCommand(at);
    const entry = command.findIndex((word) => HELPER.test(word));
    // The step of another project: there it has that run's rights, here it is whoever runs it.
    if (entry !== -1) return { pids, isOfStep: realOf(command[entry + 1] ?? '') === helpersDir };
    isMarked ||= carriesOthersMark(at, holder);
    at = stat.parent;
  }
  return { pids, isOfStep: isMarked };
}

/** A holder that was itself started in a step hands its mark on to whatever it starts: that says nothing. */
function carriesOthersMark(pid: number, holder: number | null): boolean {
  const own = holder === null ? '' : (process.env.AIWORKFLOW_STEP_KEY ?? '');
  return carriesAnyMark(pid) && !carriesMark(pid, own);
}

function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
