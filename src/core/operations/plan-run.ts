import type { ParsedInputOf } from '../../shared/contract/index.ts';
import type { RunPlan } from '../../shared/model/plan.ts';
import type { Step } from '../../shared/model/workflow.ts';
import { planWorkflow, type RunnableVersion } from '../engine/index.ts';
import { requiredTools, splitAction } from '../workflow/index.ts';
import { estimate } from './cost-estimates.ts';
import { makePlan, noAgent } from './make-plan.ts';
import type { ProjectSession } from './project-session.ts';
import { chooseRunAgent } from './run-agent.ts';
import { prepareStart } from './start-run.ts';
import { findSubWorkflows } from './sub-workflows.ts';

/**
 * `run --dry-run` (SPEC §13): what would happen, without any effect: nothing is started, called, sent or written. Errors as of a start, but for
 * agents, which the rows tell.
 */
export async function planRun(session: ProjectSession, input: ParsedInputOf<'runs.plan'>): Promise<RunPlan> {
  const prepared = await prepareStart(session, input);
  const { version } = prepared;
  const sub = await findSubWorkflows(session, prepared);
  const chosen = {
    ...(await chooseRunAgent(version, input.agent, session).catch(noAgent)),
    model: input.model ?? null,
  };
  const { rows, approvals, isCut, hash, inputs, touches } = makePlan(session, { prepared, sub, chosen });
  const { id, name, version: label } = version.workflow;
  const { length: steps } = planWorkflow(version.workflow).steps;
  return session.host.redact({
    dry_run: true,
    hash,
    workflow: { id, name, steps, version: label, version_hash: version.hash },
    inputs,
    required_tools: requiredTools(version.workflow).tools,
    plan: rows,
    is_cut: isCut,
    touches,
    approvals,
    estimate: await estimateOf(session, input, version),
  });
}

async function estimateOf(
  session: ProjectSession,
  { workflow: ref, model }: ParsedInputOf<'runs.plan'>,
  { workflow }: RunnableVersion,
): Promise<RunPlan['estimate']> {
  const average = session.store.runs.average(workflow.id);
  const { low, typical, high, calls, is_open, based_on } = await estimate(session, { workflow: ref, model });
  return {
    duration_seconds: average === null ? null : average.durationMs / 1000,
    cost: mayAskAgent(workflow.steps) ? null : 0,
    cost_range: { low, typical, high, calls, is_open, based_on },
  };
}

/** What an agent will ask, and so what it costs, nobody knows before. */
const mayAskAgent = (steps: readonly Step[]): boolean =>
  steps.some(({ action = '', groups }) => {
    const { tool } = splitAction(action);
    return tool === 'agent' || tool.includes('{') || groups.some((group) => mayAskAgent(group.steps));
  });
