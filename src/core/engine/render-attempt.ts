import { AppError } from '../../shared/errors.ts';
import type { JsonMap } from '../../shared/json.ts';
import type { EffectClass, RunEvent } from '../../shared/model/events.ts';
import type { StepWarning } from '../../shared/model/run.ts';
import type { Step } from '../../shared/model/workflow.ts';
import { type OperationTraits, requireLimits } from '../tool-port/index.ts';
import { renderText, renderValue, type Scope, spellInputs } from '../workflow/index.ts';
import { type AgentChoice, chooseAgent } from './agent-choice.ts';
import { renderAgentInputs } from './agent-inputs.ts';
import { type Attempt, type EngineTools, resolveAction } from './attempt.ts';
import { keyPathOf } from './frame-paths.ts';
import type { RunPlanning } from './plan.ts';
import type { EngineHost, PlacedStep, RunnableVersion } from './ports.ts';
import { ROOT, type RunState, type StepRecord } from './run-state.ts';
import { errorScope } from './scope.ts';

/** The event that a decided start becomes. */
export type StartedEvent = Extract<RunEvent, { type: 'step.started' }>;

/** What a decision about a step looks at. */
export interface DecisionContext {
  readonly state: RunState;
  readonly version: RunnableVersion;
  readonly planning: RunPlanning;
  readonly tools: EngineTools;
  readonly host: Pick<EngineHost, 'agents' | 'requireDeciders'>;
  readonly scope: Scope;
  /** The value of `now`: that of the step's first attempt. UTC ms. */
  readonly now: number;
  /** The instant of the decision, UTC ms. */
  readonly at: number;
}

/** An attempt that may begin, with the event that says so. */
export interface RenderedAttempt {
  readonly attempt: Attempt;
  readonly event: StartedEvent;
  readonly warnings: readonly StepWarning[];
}

/** Renders what an action step is to do. Errors: `template.*`, `tool.*`, `agent.not_configured`. */
export function renderAttempt(
  one: PlacedStep,
  record: StepRecord | undefined,
  context: DecisionContext,
): RenderedAttempt {
  const { step } = one;
  const now = record?.now ?? context.now;
  const isFallback = record?.fallbackPending ?? false;
  const failed = record?.error == null ? null : { error: record.error, path: one.path };
  const scope = isFallback ? errorScope(context.scope, failed) : context.scope;
  const template = isFallback ? (step.fallback?.action ?? '') : (step.action ?? '');
  const action = template.includes('{') ? renderText(template, scope, { now }).text.trim() : template;
  const { tool, operation } = resolveAction(action, context.version, context.tools);
  const traits = tool.traits(operation);
  const agent = tool.category === 'agent' ? requireAgent(step, context) : null;
  const limits = agent === null ? requireLimits(tool, operation, step.permissions) : [];
  const written = isFallback ? (step.fallback?.inputs ?? {}) : step.inputs;
  const rendered = renderInputs(written, step, { agent, scope, now });
  const spellings = isFallback ? step.fallback?.spellings : step.spellings;
  const spelled = spellInputs(tool, { operation, inputs: rendered.inputs, spellings });
  const isSentBack = agent !== null && record?.revision != null;
  const inputs = isSentBack ? { ...spelled, revision_request: { ...record.revision } } : spelled;
  const effect = effectClassOf(step, traits, agent !== null);
  const event = startedEvent(one, record, context.now, { action, effect, inputs, agent });
  const attempt: Attempt = {
    step,
    path: one.path,
    keyPath: keyPathOf(context.state, one.frame, one.path),
    attempt: event.attempt,
    role: event.role,
    now,
    agent,
    tool,
    operation,
    effect,
    isRepeatable: (traits.repeatable && effect !== 'effect') || step.idempotent === true,
    renews: record?.renewal === 'due',
    timeoutMs: step.timeoutMs ?? (agent === null ? traits.timeoutMs : context.host.agents.timeoutMs(agent.name)),
    inputs,
  };
  return { attempt, event, warnings: [...limits, ...rendered.warnings] };
}

function requireAgent(step: Step, { state, version, host }: DecisionContext): AgentChoice {
  const agent = chooseAgent(step, { state, version, agents: host.agents });
  if (agent !== null) return agent;
  throw new AppError('agent.not_configured', 'No agent adapter configured', {
    hint: 'Choose an agent: aiworkflow agent set-primary NAME, or agent: in the workflow.',
  });
}

/** What doing the step does to the world: what its tool says, what it lets an agent do, and what its author says of doing it twice. */
export function effectClassOf(step: Step, { effect }: Pick<OperationTraits, 'effect'>, isAgent: boolean): EffectClass {
  const declared = isAgent && mayChangeThings(step) ? 'effect' : effect;
  return step.idempotent === true && declared === 'effect' ? 'idempotent' : declared;
}

/** An agent with leave to write files or run commands may have had its effect; any other only answers (SPEC §3.8). */
export function mayChangeThings({ permissions }: Step): boolean {
  const { write, commands } = permissions ?? {};
  return (Array.isArray(write) && write.length > 0) || (Array.isArray(commands) && commands.length > 0);
}

interface RenderedInputs {
  readonly inputs: JsonMap;
  readonly warnings: readonly StepWarning[];
}

function renderInputs(
  written: JsonMap,
  step: Step,
  { agent, scope, now }: { readonly agent: AgentChoice | null; readonly scope: Scope; readonly now: number },
): RenderedInputs {
  if (agent !== null) return renderAgentInputs(written, step.agentHints, { agent: agent.name, scope, now });
  const { value, warnings } = renderValue(written, scope, { now });
  return { inputs: value as JsonMap, warnings };
}

/** Where a step stands, for its first event. */
export function placeOf({
  path,
  frame,
  index,
  step: { kind, name },
}: PlacedStep): Pick<StartedEvent, 'path' | 'frame' | 'kind' | 'index' | 'name'> {
  if (kind === 'action') return frame === ROOT ? { path, index, name } : { path, frame, index, name };
  return frame === ROOT ? { path, kind, index, name } : { path, frame, kind, index, name };
}

/** The start of the next attempt of a step. */
export function startedEvent(
  one: PlacedStep,
  record: StepRecord | undefined,
  now: number,
  what: {
    readonly action: string;
    readonly effect?: EffectClass;
    readonly inputs: JsonMap;
    readonly agent: AgentChoice | null;
  },
): StartedEvent {
  const event: StartedEvent = {
    type: 'step.started',
    ...placeOf(one),
    variable: one.step.outputVariable ?? null,
    attempt: (record?.attempt ?? 0) + 1,
    now: record?.now ?? now,
    action: what.action,
    effect: what.effect ?? 'pure',
    inputs: what.inputs,
    role: record?.fallbackPending ? 'fallback' : 'main',
  };
  return what.agent === null ? event : { ...event, agent: what.agent };
}
