import { fromE10 } from '../../shared/decimal.ts';
import type { ErrorRecord } from '../../shared/errors.ts';
import type { Json, JsonMap } from '../../shared/json.ts';
import { addUsage, NO_USAGE, type TokenUsage } from '../../shared/model/agent.ts';
import type { TriggerInfo } from '../../shared/model/run.ts';
import type { Workflow } from '../../shared/model/workflow.ts';
import { childScope, requiredTools, type Scope } from '../workflow/index.ts';
import { errorNames } from './error-names.ts';
import { pathIn } from './frame-paths.ts';
import { planWorkflow, stepIdOf } from './plan.ts';
import type { Playback } from './playback.ts';
import { type FrameRecord, framesFrom, ROOT, type RunState, type StepRecord, timesTried } from './run-state.ts';

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

interface ScopeSource {
  readonly state: RunState;
  readonly workflow: Workflow;
  readonly env: Readonly<Record<string, string>>;
  /** What stands for secrets. */
  readonly secrets: () => JsonMap;
  readonly now: number;
  /** Whose names; absent = the run itself. */
  readonly frame?: string;
  /** Names that the steps of a frame see besides: the item of a loop, `loop`, `error`. */
  readonly localsOf?: (frame: FrameRecord) => JsonMap;
  /** Set where the run is answered from a recording: what templates saw then, they see again. */
  readonly playback?: Playback | undefined;
  /** What the run was called when it was recorded, for a step that is answered from that. */
  readonly named?: JsonMap | undefined;
}

type Reader = (source: ScopeSource) => Json;

/** What templates see as `trigger`. */
export const triggerNames = ({ type, plannedAt, payload, data }: TriggerInfo): JsonMap => ({
  type,
  planned_at: iso(plannedAt ?? null),
  payload: payload ?? null,
  ...data,
});

const runOf: Reader = ({ state, named }) => named ?? ownRunOf(state);

const ownRunOf = (state: RunState): JsonMap => ({
  id: state.runId,
  started_at: iso(state.startedAt),
  trigger: state.created.trigger.type,
  actor: state.actor,
  attempt: state.attempt,
  parent_id: state.created.parentRunId,
  // A retry carries the first run's id on; a replay is a first run itself.
  replay_of: state.created.originRunId === state.runId ? state.created.linkedRunId : null,
});

/** By step id. Of a step inside a loop those of this turn, and none of the other turns. */
const stepsOf: Reader = (source) => {
  const steps: Record<string, Json> = {};
  for (const record of seenFrom(source)) {
    const duration = durationOf(record, source.playback);
    const error = record.error === null ? null : ({ code: record.error.code, message: record.error.message } as Json);
    steps[stepIdOf(record.path)] = {
      status: record.status,
      output: record.output,
      error,
      attempts: timesTried(record),
      duration,
    };
  }
  return steps;
};

/** Seconds; as recorded where the step was answered from a recording. */
function durationOf({ path, startedAt, completedAt }: StepRecord, playback: Playback | undefined): number | null {
  if (startedAt === null || completedAt === null) return null;
  return (playback?.msOf(path) ?? completedAt - startedAt) / 1000;
}

/** The steps that a frame sees, in the order in which they were looked at first. */
function seenFrom({ state, workflow, frame = ROOT }: ScopeSource): readonly StepRecord[] {
  if (!frame.includes('[')) return state.outsideLoops;
  const turns = [...framesFrom(state, frame)].filter(({ path }) => path.includes('['));
  const plan = planWorkflow(workflow);
  const inside = turns.flatMap((turn) =>
    plan.stepsOf(turn).flatMap(({ step }) => state.steps.get(pathIn(turn, step.id)) ?? []),
  );
  return [...state.outsideLoops, ...inside].sort((one, other) => one.order - other.order);
}

const workflowOf: Reader = ({ state, workflow }) => ({
  id: workflow.id,
  name: workflow.name,
  version: workflow.version,
  hash: state.created.versionHash,
  author: workflow.author,
  tags: workflow.tags,
  timeout: state.created.timeoutMs === null ? null : state.created.timeoutMs / 1000,
  requires: [...workflow.requirements.tools],
  tools: [...requiredTools(workflow).tools],
});

/** What the calls of models have come to so far, as data for reports (SPEC §2.2): USD as numbers, null = no call has a price. */
const costsOf: Reader = ({ state }) => {
  const steps: Record<string, Json> = {};
  const spenders = state.steps.spenders();
  for (const { path, spending } of spenders) steps[path] = spentOn(spending, spending.usage);
  const usage = spenders.reduce((sum, { spending }) => addUsage(sum, spending.usage), NO_USAGE);
  const { costE10, modelCalls: calls, unpricedCalls } = state;
  return { ...spentOn({ costE10, calls, unpricedCalls }, usage), currency: 'USD', steps };
};

const spentOn = (
  {
    costE10,
    calls,
    unpricedCalls,
  }: { readonly costE10: number; readonly calls: number; readonly unpricedCalls: number },
  usage: TokenUsage,
): JsonMap => ({
  total_cost: calls > 0 && calls === unpricedCalls ? null : Number(fromE10(costE10)),
  total_requests: calls,
  unpriced_requests: unpricedCalls,
  total_input_tokens: usage.inputTokens,
  total_output_tokens: usage.outputTokens,
});

/** From the outside in: the nearest value of a name wins. */
const variablesOf: Reader = ({ state, frame = ROOT }) =>
  Object.fromEntries([...framesFrom(state, frame)].reverse().flatMap(({ variables }) => [...(variables ?? [])]));

/** SPEC §2.2: names that a run gives beside its variables. `now`, `range` and the like belong to the evaluator. */
const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['inputs', ({ state }) => state.created.inputs],
  ['variables', variablesOf],
  ['steps', stepsOf],
  ['run', runOf],
  ['run_id', ({ state, named }) => named?.id ?? state.runId],
  ['workflow', workflowOf],
  [
    'workflow_context',
    (source) => ({
      run: runOf(source),
      inputs: source.state.created.inputs,
      steps: stepsOf(source),
      variables: variablesOf(source),
      costs: costsOf(source),
    }),
  ],
  ['trigger', ({ state: { created }, playback }) => playback?.names.trigger ?? triggerNames(created.trigger)],
  ['env', ({ env }) => env],
  ['secrets', ({ secrets }) => secrets()],
]);

/**
 * The names that a step of this run sees (SPEC §2.2 "Order"): what its frame gives and what was set in it, then the same of the frames
 * around it, then what the run gives.
 */
export function runScope(source: ScopeSource): Scope {
  const { state, frame = ROOT, localsOf } = source;
  if (frame === ROOT) return scopeOver([state.variables], source);
  const layers: ReadonlyMap<string, Json>[] = [];
  for (const one of framesFrom(state, frame)) {
    const locals = one.path === ROOT || localsOf === undefined ? {} : localsOf(one);
    if (Object.keys(locals).length > 0) layers.push(new Map(Object.entries(locals)));
    if (one.variables !== null) layers.push(one.variables);
  }
  return scopeOver(layers, source);
}

/** The first layer that has a name wins. */
function scopeOver(layers: readonly ReadonlyMap<string, Json>[], source: ScopeSource): Scope {
  const layerOf = (name: string): ReadonlyMap<string, Json> | undefined => layers.find((layer) => layer.has(name));
  return {
    has: (name) => layerOf(name) !== undefined || READERS.has(name),
    get: (name) => {
      const layer = layerOf(name);
      return layer === undefined ? READERS.get(name)?.(source) : layer.get(name);
    },
    names: () => [...layers.flatMap((layer) => [...layer.keys()]), ...READERS.keys()],
  };
}

/** What a fallback sees besides: `error`, the failure that it stands in for (SPEC §2.2). */
export const errorScope = (
  scope: Scope,
  failed: { readonly error: ErrorRecord; readonly path: string } | null,
): Scope => childScope(scope, { error: failed === null ? null : errorNames(failed) });
