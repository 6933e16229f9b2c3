import type { Step } from '../../shared/model/workflow.ts';
import type { AgentHost, RunnableVersion } from './ports.ts';
import type { RunState } from './run-state.ts';

/** Who is to do a step now, and with which model (null = the agent's default). */
export interface AgentChoice {
  readonly name: string;
  readonly model: string | null;
}

/** What a run says of agents. */
export type AgentOfRun = Pick<RunState, 'replaced'> & {
  readonly created: Pick<RunState['created'], 'agent' | 'agentFrom' | 'model'>;
};

/**
 * SPEC §3.1: the word at the start, then the step's own, then the run's (workflow, bundle, project); whoever failed in this run is
 * replaced by the one that took over (§3.7). A model that was written for another agent does not go over to the one that took over.
 * null = nobody was named.
 */
export function chooseAgent(
  step: Step,
  context: { readonly state: AgentOfRun; readonly version: RunnableVersion; readonly agents: AgentHost },
): AgentChoice | null {
  const { state, version, agents } = context;
  const { created } = state;
  const wanted = created.agentFrom === 'start' ? created.agent : (step.agent ?? created.agent);
  if (wanted === null) return null;
  const name = standIn(state, wanted);
  if (name !== wanted) return { name, model: agents.modelOf(name) };
  const written =
    step.model ??
    created.model ??
    (wanted === created.agent ? (version.workflow.execution.model ?? version.config.model) : null) ??
    null;
  return { name, model: written ?? agents.modelOf(name) };
}

/** Follows who took over from whom; a circle ends where it began. */
export function standIn(state: Pick<RunState, 'replaced'>, wanted: string): string {
  let name = wanted;
  for (let hops = 0; hops < state.replaced.size; hops += 1) {
    const next = state.replaced.get(name)?.by;
    if (next === undefined) return name;
    name = next;
  }
  return name;
}
