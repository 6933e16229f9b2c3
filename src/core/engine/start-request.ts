import type { JsonMap } from '../../shared/json.ts';
import type { RunReplay } from '../../shared/model/cassette.ts';
import type { CarriedStep, KeptStep, RunCreated, WorkflowPin } from '../../shared/model/events.ts';
import type { FollowedPlan } from '../../shared/model/plan.ts';
import type { Actor, TriggerInfo } from '../../shared/model/run.ts';
import { planWorkflow } from './plan.ts';
import type { RunnableVersion } from './ports.ts';

/** A start that has been checked: inputs are coerced, the version is stored. */
export interface StartRequest {
  readonly version: RunnableVersion;
  readonly inputs: JsonMap;
  /** What its markers stand for (`RunCreated.sealed`). */
  readonly sealed?: readonly string[];
  readonly trigger: TriggerInfo;
  readonly actor: Actor;
  /** Unique; a second start with a known key gives that run. Null for starts by hand. */
  readonly startKey?: string | null;
  /** The time that belongs to the start key, UTC ms: planned, received. Default: now. */
  readonly keyedAt?: number;
  readonly agent?: string | null;
  /** Whose word the agent is (SPEC §3.1). */
  readonly agentFrom?: RunCreated['agentFrom'] | undefined;
  readonly model?: string | null;
  readonly timeoutMs?: number | null;
  readonly linkedRunId?: string | null;
  /** For `retry`: the run whose step keys go on. */
  readonly originRunId?: string;
  /** For `retry`: see `RunCreated.undone`. */
  readonly undone?: readonly string[];
  /** For `retry`: how often the work was begun before. */
  readonly attemptsBefore?: number;
  /** Another than the next free id: that which the parent of a run has given it. */
  readonly runId?: string;
  readonly parent?: { readonly runId: string; readonly path: string };
  readonly pins?: readonly WorkflowPin[];
  /** The plan that it follows. */
  readonly plan?: FollowedPlan;
  /** What it is answered from. */
  readonly replay?: RunReplay;
  readonly carried?: readonly CarriedStep[];
  readonly kept?: readonly KeptStep[];
}

/** The first event of the run that a request starts. Time limit: the request's, the workflow's, the bundle's (SPEC §6.2). */
export function createdEvent(runId: string, request: StartRequest, startKey: string | null): RunCreated {
  const { version } = request;
  return {
    type: 'run.created',
    workflowId: version.workflow.id,
    workflowName: version.workflow.name,
    workflowPath: version.workflowPath,
    versionHash: version.hash,
    versionLabel: version.workflow.version,
    inputs: request.inputs,
    ...(request.sealed === undefined || request.sealed.length === 0 ? {} : { sealed: request.sealed }),
    trigger: request.trigger,
    startKey,
    stepsTotal: planWorkflow(version.workflow).steps.length,
    agent: request.agent ?? null,
    ...(request.agentFrom === undefined ? {} : { agentFrom: request.agentFrom }),
    model: request.model ?? null,
    timeoutMs: request.timeoutMs ?? version.workflow.execution.timeoutMs ?? version.config.timeoutMs ?? null,
    parentRunId: request.parent?.runId ?? null,
    ...(request.parent === undefined ? {} : { parentPath: request.parent.path }),
    ...(request.pins === undefined || request.pins.length === 0 ? {} : { pins: request.pins }),
    ...(request.plan === undefined ? {} : { plan: request.plan }),
    ...(request.replay === undefined ? {} : { replay: request.replay }),
    linkedRunId: request.linkedRunId ?? null,
    ...(request.attemptsBefore === undefined ? {} : { attemptsBefore: request.attemptsBefore }),
    originRunId: request.originRunId ?? runId,
    ...(request.undone === undefined || request.undone.length === 0 ? {} : { undone: request.undone }),
    carried: request.carried ?? [],
    ...(request.kept === undefined || request.kept.length === 0 ? {} : { kept: request.kept }),
  };
}
