import { AppError } from '../../shared/errors.ts';
import type { RunCreated } from '../../shared/model/events.ts';
import type { Step, Workflow } from '../../shared/model/workflow.ts';
import { type AgentDirectory, checkCompatibility, type SelectionRequest } from '../agents/index.ts';
import type { RunnableVersion } from '../engine/index.ts';
import { allSteps, requiredTools, splitAction } from '../workflow/index.ts';
import type { ProjectSession } from './project-session.ts';

export interface ChosenAgent {
  readonly agent: string | null;
  readonly agentFrom: RunCreated['agentFrom'];
}

/** True when at least one step, or what its templated name may turn out to be, is an agent's. */
export const needsAgent = (workflow: Workflow): boolean => allSteps(workflow).some(isAgentStep);

const isAgentStep = (step: Step): boolean =>
  [step.action, step.fallback?.action].some((action) => action !== undefined && splitAction(action).tool === 'agent');

/**
 * Who does the agent steps of a run: the word at the start, the workflow's, the bundle's, the project's (SPEC §3.1). A run of tool
 * steps needs none. Errors: `agent.not_configured`, `agent.not_found`, `agent.incompatible`.
 */
export async function chooseRunAgent(
  version: RunnableVersion,
  given: string | undefined,
  { agents, store, config }: Pick<ProjectSession, 'agents' | 'store' | 'config'>,
): Promise<ChosenAgent> {
  const { workflow } = version;
  const isNeeded = needsAgent(workflow);
  const named = firstWritten([
    ['start', given],
    ['workflow', workflow.execution.agent],
    ['bundle', version.config.agent],
  ]);
  if (!isNeeded) return named;
  const chosen: ChosenAgent =
    named.agent === null
      ? {
          agent: (
            await agents.select({
              ...selectionRequest(version),
              stats: store.agentStats.read(),
              deployment: config.runtime.mode,
            })
          ).agent,
          agentFrom: 'project',
        }
      : named;
  const wanted = agentsOf(workflow, chosen);
  if (wanted.has(null)) {
    throw new AppError('agent.not_configured', 'No agent adapter configured', {
      hint: 'Choose an agent under Agents & tools, or with: aiworkflow agent set-primary NAME',
    });
  }
  for (const name of wanted) if (name !== null) requireAgent(workflow, name, agents);
  return chosen;
}

/** What rules of `auto_selection` and `routing_rules` may ask (SPEC §4.3). */
const selectionRequest = ({ workflow, tools }: RunnableVersion): Omit<SelectionRequest, 'stats' | 'deployment'> => ({
  workflow,
  tools: requiredTools(workflow).tools.map((name) => ({ name, type: tools.get(name)?.category ?? 'unknown' })),
  estimatedCost: null,
});

function firstWritten(
  places: readonly (readonly [NonNullable<RunCreated['agentFrom']>, string | null | undefined])[],
): ChosenAgent {
  const found = places.find(([, name]) => name !== null && name !== undefined);
  return found === undefined ? { agent: null, agentFrom: undefined } : { agent: found[1] ?? null, agentFrom: found[0] };
}

/** The agents that steps of this run will ask for, null = one that nobody named; those of a step count unless the start names one. */
function agentsOf(workflow: Workflow, { agent, agentFrom }: ChosenAgent): ReadonlySet<string | null> {
  const steps = allSteps(workflow).filter(isAgentStep);
  return new Set(steps.map((step) => (agentFrom === 'start' ? agent : (step.agent ?? agent))));
}

function requireAgent(workflow: Workflow, name: string, agents: AgentDirectory): void {
  const problems = checkCompatibility(workflow, agents.available(name)).filter((one) => one.severity === 'error');
  if (problems[0] === undefined) return;
  throw new AppError('agent.incompatible', problems.map((one) => one.message).join('; '), {
    hint: problems[0].fix ?? 'Choose another agent for this run.',
    details: { problems },
  });
}
