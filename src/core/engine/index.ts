export { chooseAgent } from './agent-choice.ts';
export { type ApprovalWord, canSendBack } from './approval-request.ts';
export { type EngineTools, resolveAction, stepKeyOf } from './attempt.ts';
export { Engine } from './engine.ts';
export type { DoubtDecision, EngineOptions } from './engine-options.ts';
export { applyEvent, foldRun } from './fold.ts';
export { isBudgetFull, isKeyAway } from './key-away.ts';
export { type BlockStep, createEvaluator, type Evaluator, isBlock, rulesOf, turnNames } from './kinds/index.ts';
export { viewTurn, viewTurns } from './loop-view.ts';
export { mayRepeat } from './may-repeat.ts';
export type { MirroredEvent } from './mirror.ts';
export { conditionText, planWorkflow, setNames } from './plan.ts';
export { planRetry } from './plan-retry.ts';
export { planRollback } from './plan-rollback.ts';
export { isWorkedOut, wholeAction } from './play-back.ts';
export { askedOfRest } from './playback.ts';
export type {
  AgentHost,
  Arrival,
  CostHost,
  EngineHost,
  EnginePorts,
  EventInbox,
  FailoverSettings,
  FilesAnswer,
  Notice,
  PreparedChild,
  RunFolders,
  RunnableVersion,
  SecretRun,
} from './ports.ts';
export { projectRun, projectStepRows } from './projection.ts';
export { requireDoubt } from './refusals.ts';
export { effectClassOf } from './render-attempt.ts';
export { type ProjectRetry, retryDelayMs } from './retry-policy.ts';
export { isRollingBack, undoneKeys } from './rollbacks.ts';
export { makeRunId } from './run-id.ts';
export { ENGINE_ACTOR } from './run-recorder.ts';
export { type ApprovalRecord, isEnded, type RunState, type StepRecord } from './run-state.ts';
export { resultOf, viewRun, viewStep } from './run-view.ts';
export { runScope, triggerNames } from './scope.ts';
export type { StartRequest } from './start-request.ts';
export { type AwaitedWork, clockWithChildren } from './worked-time.ts';
