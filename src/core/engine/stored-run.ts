import { AppError } from '../../shared/errors.ts';
import type { RunEvent, StepStarted, StoredEvent } from '../../shared/model/events.ts';
import type { RunSummary } from '../../shared/model/run.ts';
import { undoneBy } from '../../shared/model/undo.ts';
import type { Store } from '../storage/index.ts';
import { foldRun } from './fold.ts';
import { projectRun } from './projection.ts';
import { runNotFound } from './refusals.ts';
import type { RunState } from './run-state.ts';

/** A run as the store has it. `position` is that of its newest event. */
export interface StoredRun {
  readonly state: RunState;
  readonly runNo: number;
  readonly position: number;
  readonly events: readonly StoredEvent<RunEvent>[];
}

/** Reads and folds a run. Errors: `run.not_found`, `store.corrupt` (a damaged row, a gap, a row that says something else). */
export function readStoredRun(store: Store, runId: string): StoredRun {
  const runNo = store.runs.runNo(runId);
  if (runNo === null) throw runNotFound(runId);
  const events = store.journal.readRun(runId);
  const state = foldRun(events, (seqs) => store.journal.readThese(runId, seqs));
  requireSame(state, store.runs.find(runId));
  return { state, runNo, position: events.at(-1)?.position ?? 0, events };
}

/** The starts of the attempts that were being made when the engine died, the calls of an agent with their agent. */
export function openStarts({ state, events }: Pick<StoredRun, 'state' | 'events'>): readonly StepStarted[] {
  const running = new Set(
    [...state.steps.values()]
      .filter(
        ({ path, attempts, block, status, isCall, fallbackPending }) =>
          attempts.at(-1)?.status === 'running' &&
          (block === null || fallbackPending) &&
          status !== 'waiting' &&
          (!isCall || undoneBy(path) !== null),
      )
      .map(({ path }) => path),
  );
  const starts: StepStarted[] = [];
  for (const { event } of events.toReversed())
    if (event.type === 'step.started' && running.delete(event.path)) starts.unshift(event);
  return starts;
}

/** The row follows from the events (a property test holds it to that): where it does not, one of them is damaged. */
function requireSame(state: RunState, row: RunSummary | null): void {
  const folded = projectRun(state);
  const isSame =
    row !== null &&
    row.status === folded.status &&
    row.completedAt === folded.completedAt &&
    row.stepsSucceeded === folded.stepsSucceeded &&
    row.stepsFailed === folded.stepsFailed &&
    row.stepsSkipped === folded.stepsSkipped;
  if (isSame) return;
  throw new AppError('store.corrupt', `The journal of run ${state.runId} does not say what its row says.`, {
    hint: 'Restore the state folder from a backup.',
  });
}
