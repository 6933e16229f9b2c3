/**
 * Workflow files (SPEC §1): reading, checking and scaffolding them, and the expressions of SPEC §2. Nothing here reads a
 * disk, keeps state of a run or throws on the content of a file.
 */
export { isTemplatedAction, splitAction } from './action-name.ts';
export { checkActions } from './check-actions.ts';
export { unknownAgent } from './check-agent-names.ts';
export { coerceInputs, type InputContext } from './coerce-inputs.ts';
export { completionsAt } from './completions.ts';
export * from './expressions/index.ts';
export { inferAnswer } from './inference/infer-answer.ts';
export { namesAt, outlineOf, typeOfValue } from './names-at.ts';
export { channelsOf, notifyTarget } from './notify-channel.ts';
export { readWorkflow } from './read-workflow.ts';
export { requiredTools, toolsOfStart, usedTools } from './required-tools.ts';
export { sanitizeId } from './scaffold-id.ts';
export { namesIn, secretNames } from './secret-names.ts';
export { spellInputs } from './spellings.ts';
export { actionsOf, allSteps, type StepAction } from './step-actions.ts';
export { templateWorkflow } from './templates.ts';
export { type PlacedTrigger, readTriggerFile } from './trigger-file.ts';
export { listUnsupported } from './unsupported.ts';
export { AGENT_OPERATIONS, AGENT_SUPPORT_WORDS, SECOND_PHASE_KEYS } from './words.ts';
export { writtenParts } from './written-parts.ts';
