import type { RunView } from '../../../shared/contract/index.ts';
import type { TokenUsage } from '../../../shared/model/agent.ts';
import { NO_COST, type RunCost } from '../../../shared/model/cost.ts';
import type { StepState } from '../../../shared/model/run.ts';
import type { Step } from '../../../shared/model/workflow.ts';
import { isDemoAgent } from '../../ui/demo.ts';

/** What an agent does stands in the workflow as `agent.<operation>` (SPEC §4.1). */
export const isAgentAction = (action: string | null | undefined): boolean => action?.split('.')[0] === 'agent';

const planHasAgent = (steps: readonly Step[]): boolean =>
  steps.some((step) => isAgentAction(step.action) || step.groups.some((group) => planHasAgent(group.steps)));

type Seen = Pick<RunView, 'steps' | 'folded'>;

/** True when an agent takes part in the run, or will. */
export const hasAgentPart = ({ plan, steps }: Pick<RunView, 'plan' | 'steps'>): boolean =>
  steps.some((step) => step.agent !== null) || planHasAgent(plan);

/** The agents that worked on a run, newest last, or the one that is to. */
export function agentsAtWork({ run, steps, plan, folded }: Pick<RunView, 'run' | 'plan'> & Seen): readonly string[] {
  const used = new Set(
    folded.agents.concat(steps.flatMap((step) => (step.agent === null ? [] : [step.agent.agentUsed]))),
  );
  if (used.size > 0) return [...used];
  return run.agent !== null && planHasAgent(plan) ? [run.agent] : [];
}

/** The demo agent answered here: the word Demo has to stand beside whatever came of it. */
export const isDemoStep = (state: StepState | null): boolean => isDemoAgent(state?.agent?.agentUsed);
export const hasDemoAnswers = ({ steps, folded }: Seen): boolean =>
  steps.some(isDemoStep) || folded.agents.some(isDemoAgent);

/** A change of hands within a step: who had it, who took it, and what the earlier one failed with. */
export interface HandOver {
  readonly from: string;
  readonly to: string;
  readonly message: string | null;
}

/** From the attempts of a step; agents that were passed over without an attempt are not in it. */
export function handOversOf({ attempts }: Pick<StepState, 'attempts'>): readonly HandOver[] {
  return attempts.flatMap((attempt, at) => {
    const before = attempts[at - 1];
    if (before === undefined || before.agent === null || attempt.agent === null || before.agent === attempt.agent)
      return [];
    return [{ from: before.agent, to: attempt.agent, message: before.error?.message ?? null }];
  });
}

const totalTokens = (usage: TokenUsage): number => usage.inputTokens + usage.outputTokens;

/** What the calls that have ended used and cost: of the run, or of the step at a path. */
export function spentBy(
  { run, steps, folded }: Pick<RunView, 'run'> & Seen,
  path: string | null,
): { readonly tokens: number; readonly cost: RunCost } {
  const agents = steps.flatMap((step) =>
    step.agent !== null && (path === null || step.path === path) ? [step.agent] : [],
  );
  const tokens = agents.reduce((sum, { usage }) => sum + totalTokens(usage), 0);
  if (path === null) return { tokens: tokens + folded.tokens, cost: run.cost };
  const [agent] = agents;
  if (agent === undefined) return { tokens, cost: NO_COST };
  return { tokens, cost: { usd: agent.cost, calls: agent.calls, unpricedCalls: agent.unpricedCalls } };
}
