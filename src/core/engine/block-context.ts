import type { JsonMap } from '../../shared/json.ts';
import type { StepWarning } from '../../shared/model/run.ts';
import type { Scope } from '../workflow/index.ts';
import { type Block, type BlockStep, createEvaluator, type Evaluator, isBlock, rulesOf } from './kinds/index.ts';
import type { RunPlanning } from './plan.ts';
import type { Playback } from './playback.ts';
import type { EngineHost, RunnableVersion } from './ports.ts';
import type { FrameRecord, RunState } from './run-state.ts';
import { runScope } from './scope.ts';

/** The names of a run at any place of its tree. */
export interface RunNames {
  /** The names that a step in the frame sees when its `now` is this instant (UTC ms); `path` = the step itself, of which a recording may know what the run was called. */
  scopeIn(frame: string, now: number, path?: string): Scope;
}

interface NamesOptions {
  readonly state: () => RunState;
  readonly planning: RunPlanning;
  readonly version: RunnableVersion;
  readonly host: Pick<EngineHost, 'allowedEnv' | 'secretMarkers'>;
  readonly playback?: Playback;
}

/** The names that expressions of a run may use. */
export function createRunNames({ state, planning, version, host, playback }: NamesOptions): RunNames {
  const env = { ...host.allowedEnv, ...version.env };
  const { workflow } = version;
  const locals = (one: FrameRecord): JsonMap => localsOf(one, state(), planning);
  return {
    scopeIn: (frame, now, path) => {
      const run = state();
      const isPlayed = path === undefined ? playback?.isWhole : playback?.covers(path);
      const named = isPlayed === true ? playback?.names.run : undefined;
      const secrets = (): JsonMap => host.secretMarkers(run);
      return runScope({ state: run, workflow, env, secrets, now, frame, localsOf: locals, playback, named });
    },
  };
}

function localsOf(frame: FrameRecord, state: RunState, planning: RunPlanning): JsonMap {
  const block = frame.block === null ? null : blockAt(frame.block, state, planning);
  return block === null ? {} : (rulesOf(block.step as BlockStep).locals?.(block, frame) ?? {});
}

/** The block at a path of a run; null before it has begun. */
export function blockAt(path: string, state: RunState, planning: RunPlanning): Block | null {
  const record = state.steps.get(path);
  const step = planning.at(path)?.step;
  if (record?.block == null || step === undefined || !isBlock(step)) return null;
  return { step, path, record: record.block, state } as Block;
}

/** Works out what a block needs, each time under the mark that says so (SPEC §3.8). */
export function markedEvaluator(
  scope: Scope,
  now: number,
  { mark, warn }: { readonly mark: <T>(work: () => T) => T; readonly warn: (warning: StepWarning) => void },
): Evaluator {
  const plain = createEvaluator(scope, now, warn);
  return {
    now,
    condition: (text) => mark(() => plain.condition(text)),
    value: (written) => mark(() => plain.value(written)),
  };
}
