import type { Json, JsonMap } from '../../shared/json.ts';
import type { Diagnostic } from '../../shared/model/diagnostic.ts';
import type { ErrorRule, Step, Workflow } from '../../shared/model/workflow.ts';
import { notifyTarget } from './notify-channel.ts';
import { namesIn } from './secret-names.ts';
import { actionsOf, allSteps } from './step-actions.ts';

/**
 * What the engine does not run yet, one entry per step and key (`engine.unsupported`). A workflow with any of these can
 * be read, shown and edited, but not started.
 */
export function listUnsupported(workflow: Workflow): Diagnostic[] {
  const found: Diagnostic[] = [...workflowLevel(workflow)];
  const secretInputs = new Set(workflow.inputs.flatMap(({ name, secret }) => (secret ? [name] : [])));
  for (const step of allSteps(workflow)) {
    for (const message of [...stepLevel(step), ...undoLevel(step, workflow), ...inputLevel(step, secretInputs)]) {
      found.push({ severity: 'error', code: 'engine.unsupported', message, ...step.place, step: step.id });
    }
  }
  return found;
}

function workflowLevel({ inputs, successConditions }: Workflow): readonly Diagnostic[] {
  const messages: string[] = [];
  for (const { name, secret, default: written = null } of inputs)
    if (!secret && namesIn(written).size > 0)
      messages.push(`The default of input '${name}' is a secret: write 'secret: true' beside it.`);
  const judged = successConditions.flatMap((one) => [...namesIn(one, 'condition', 'inputs')]);
  for (const { name, secret } of inputs)
    if (secret && judged.includes(name))
      messages.push(`The secret input '${name}' cannot be used in success conditions: they never see its value.`);
  return messages.map((message) => ({ severity: 'error', code: 'engine.unsupported', message }));
}

function stepLevel(step: Step): readonly string[] {
  const messages: string[] = [];
  if (RESTS.has(step.kind)) messages.push(...pauseLevel(step));
  const keys: readonly (readonly [string, unknown])[] = [
    ['cache', step.kind === 'action' ? undefined : step.cacheMs],
    ['permissions', step.kind === 'action' ? undefined : step.permissions],
  ];
  const ofAgents = { agent: step.agent, model: step.model, agent_hints: step.agentHints };
  if (step.kind !== 'action')
    for (const [key, value] of Object.entries(ofAgents))
      if (value !== undefined) messages.push(`The key '${key}' cannot be used on a step of kind '${step.kind}' yet.`);
  for (const [key, value] of keys) if (value !== undefined) messages.push(`The key '${key}' cannot be used yet.`);
  for (const rule of step.onError) messages.push(...ruleLevel(rule, step.kind));
  if (misplacesSecrets(step)) messages.push("'secrets' can only be used in the inputs of a step that calls something.");
  return [...new Set(messages)];
}

const RESTS: ReadonlySet<Step['kind']> = new Set(['wait', 'approval', 'workflow', 'savepoint', 'rollback_to']);

/** Kinds that do something themselves: what they did can be undone. */
const DOES: ReadonlySet<Step['kind']> = new Set(['action', 'workflow']);

/** What cannot undo a step, and why. */
const NO_UNDO: readonly (readonly [begin: RegExp, why: string])[] = [
  [/^agent(\.|$)/, 'an agent gives no certain answer: name a tool.'],
  [/^workflow\.set(_outputs)?$/, 'it only names values, which stay with the step: name a tool.'],
];

/** Built-ins that act on a repository of the project. */
const OF_REPOSITORY = /^workflow\.(?:git_|reset_hard$)/;

/** `compensate`, `rollback` and `workspace` (SPEC §1.5, §3.10). */
function undoLevel(step: Step, workflow: Workflow): readonly string[] {
  const { kind, compensate, rollback, workspace } = step;
  const keys = Object.entries({ compensate, rollback, workspace }).flatMap(([key, value]) =>
    value === undefined ? [] : [key],
  );
  if (!DOES.has(kind))
    return keys.map(
      (key) => `The key '${key}' cannot be used on a step of kind '${kind}': write it on the steps in it.`,
    );
  if (kind === 'workflow' && workspace !== undefined)
    return ["The key 'workspace' cannot be used on a step of kind 'workflow': write it in the workflow that it runs."];
  const messages: string[] =
    compensate !== undefined && rollback !== undefined && rollback !== 'compensate'
      ? [`'rollback: ${rollback}' leaves 'compensate' unused: write one of them.`]
      : [];
  if (rollback === 'restore' && (kind !== 'action' || (workspace ?? workflow.workspace) === undefined))
    messages.push("'rollback: restore' puts files back: name them under 'workspace'.");
  if (workflow.worksInCopy === true && OF_REPOSITORY.test(step.action ?? ''))
    messages.push(
      `'${step.action}' works in the repository itself, not in a copy: leave out 'copy' under 'workspace'.`,
    );
  const undos = actionsOf(step).filter(({ use }) => use === 'compensate');
  return [
    ...messages,
    ...undos.flatMap(({ action }) =>
      NO_UNDO.flatMap(([begin, why]) => (begin.test(action) ? [`'${action}' cannot undo a step: ${why}`] : [])),
    ),
  ];
}

/** Keys that say how one attempt is made: a step that rests makes none. */
function pauseLevel(step: Step): readonly string[] {
  const { kind, retry, timeoutMs, fallback, idempotent, outputFile } = step;
  const keys = { retry, timeout: timeoutMs, fallback, idempotent, output_file: outputFile };
  return Object.entries(keys)
    .filter(([, value]) => value !== undefined)
    .map(
      ([key]) =>
        `The key '${key}' cannot be used on a step of kind '${kind}': write it on a block around it, such as try.`,
    );
}

function ruleLevel({ action, notify, rollbackTo, retry, fallback }: ErrorRule, kind: Step['kind']): readonly string[] {
  const messages: string[] = [];
  if (action === 'refresh_credentials' && kind !== 'action')
    messages.push(`The on_error action '${action}' cannot be used yet.`);
  if (RESTS.has(kind) && (retry !== undefined || action === 'retry'))
    messages.push(
      `A step of kind '${kind}' cannot be tried again by on_error: put it into a block, such as try, that has 'retry'.`,
    );
  if (rollbackTo !== undefined && ((action !== undefined && action !== 'rollback') || fallback !== undefined))
    messages.push("'rollback_to' of on_error goes with the action 'rollback' alone: nothing goes on after it.");
  const target = notifyTarget(notify);
  if (target === 'bad') messages.push("'notify' names no channel: write its name, or {channel, text}.");
  if (action === 'notify' && target === 'none')
    messages.push("The on_error action 'notify' needs a channel: notify: log, or one that the project names.");
  return messages;
}

/** The same holds for secret inputs; the inputs of another run may have them too. */
function inputLevel(step: Step, secret: ReadonlySet<string>): readonly string[] {
  if (secret.size === 0) return [];
  const texts: Json = step.kind === 'workflow' ? [...textsBesideInputs(step)] : textsWithoutCalls(step);
  const named = new Set([
    ...namesIn(texts, 'template', 'inputs'),
    ...step.conditions.flatMap((condition) => [...namesIn(condition, 'condition', 'inputs')]),
  ]);
  return [...named]
    .filter((name) => secret.has(name))
    .map((name) => `The secret input '${name}' can only be used in the inputs of a step that calls something.`);
}

/** Secrets are put in where something is called: in inputs, and nowhere else (SPEC §2.2). */
function misplacesSecrets(step: Step): boolean {
  const isNamed = namesIn(textsWithoutCalls(step)).size > 0;
  return isNamed || step.conditions.some((condition) => namesIn(condition, 'condition').size > 0);
}

/** The texts of a step of which nothing is handed to a tool or an agent at its call. */
const textsWithoutCalls = (step: Step): readonly Json[] => [
  ...textsBesideInputs(step),
  step.kind === 'action' ? null : step.inputs,
];

const textsBesideInputs = (step: Step): readonly Json[] => [
  step.agentHints ?? null,
  step.outputFile ?? null,
  step.action ?? null,
  step.detail as JsonMap,
  step.onError.map((rule) => rule.fallback?.value ?? null),
];
