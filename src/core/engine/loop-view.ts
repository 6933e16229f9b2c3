import type { LoopTurns, TurnView } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { StepStatus, TurnState } from '../../shared/model/run.ts';
import { labelOf, loopState, shownOf } from './loops.ts';
import type { FrameRecord, RunState, StepRecord } from './run-state.ts';
import { liesIn } from './turn-path.ts';

const notFound = (path: string): AppError =>
  new AppError('step.not_found', `This run has no loop '${path}' that has begun.`, {
    hint: 'Look at the run for the names of its steps.',
  });

/** The steps that stand in each of the frames, in the order of their beginning. */
function recordsIn(state: RunState, frames: readonly FrameRecord[]): ReadonlyMap<string, readonly StepRecord[]> {
  const found = new Map<string, StepRecord[]>(frames.map(({ path }) => [path, []]));
  for (const record of state.steps.standingIn(new Set(found.keys()))) found.get(record.frame)?.push(record);
  return found;
}

/** `offset`, `limit`: of those that the filter lets through. `step.not_found`. */
export function viewTurns(
  state: RunState,
  path: string,
  { offset, limit, only }: { readonly offset: number; readonly limit: number; readonly only?: 'failed' | undefined },
): LoopTurns {
  const record = state.steps.get(path);
  const loop = record === undefined ? null : loopState(record);
  if (record?.block == null || loop === null) throw notFound(path);
  const all = Array.from(record.block.frames, (frame) => state.frames.get(frame)).filter((one) => one !== undefined);
  const wanted = only === undefined ? all : all.filter(({ status }) => status === 'failed');
  const page = wanted.slice(offset, offset + limit);
  const inside = recordsIn(state, page);
  const { items } = record.block.decision;
  const turns = page.map((frame) => {
    const item = Array.isArray(items) ? (items[frame.number ?? 0] ?? null) : null;
    return turnState(frame, inside.get(frame.path) ?? [], labelOf(item));
  });
  return { loop, turns, total: wanted.length, spread: spreadOf(all) };
}

const PARTS = 60;

/** When the turns ended, for the one bar that stands for them all. */
function spreadOf(frames: readonly FrameRecord[]): LoopTurns['spread'] {
  let fromAt = Number.POSITIVE_INFINITY;
  let untilAt = 0;
  for (const { endedAt } of frames) {
    if (endedAt === null) continue;
    fromAt = Math.min(fromAt, endedAt);
    untilAt = Math.max(untilAt, endedAt);
  }
  if (untilAt <= fromAt) return null;
  const ended = new Array<number>(PARTS).fill(0);
  const failed = new Array<number>(PARTS).fill(0);
  for (const { endedAt, status } of frames) {
    if (endedAt === null) continue;
    const part = Math.min(PARTS - 1, Math.floor(((endedAt - fromAt) / (untilAt - fromAt)) * PARTS));
    ended[part] = (ended[part] ?? 0) + 1;
    if (status === 'failed') failed[part] = (failed[part] ?? 0) + 1;
  }
  return { fromAt, untilAt, ended, failed };
}

/** What an open turn shows: a question first, then that it works, then that it waits. */
const LOUDEST: readonly StepStatus[] = ['in_doubt', 'running', 'waiting'];

function turnState(frame: FrameRecord, steps: readonly StepRecord[], label: string): TurnState {
  const { path, number, failure, endedAt } = frame;
  const open = LOUDEST.find((status) => steps.some((step) => step.status === status)) ?? 'running';
  const starts = steps.flatMap(({ startedAt }) => startedAt ?? []);
  return {
    number: number ?? 0,
    path,
    label,
    status: frame.status === 'open' ? open : frame.status,
    startedAt: starts.length === 0 ? null : Math.min(...starts),
    completedAt: endedAt,
    error: frame.status === 'failed' ? (failure?.error ?? null) : null,
  };
}

/** Inside one turn. `step.not_found`. */
export function viewTurn(state: RunState, path: string): TurnView {
  const turn = state.frames.get(path);
  if (turn === undefined || turn.number === null) throw notFound(path);
  const inside = [...state.steps.values()].filter((record) => liesIn(record.path, path));
  return shownOf(state, inside, path);
}
