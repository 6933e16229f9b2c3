import type { ChildAsked, RunCreated } from '../../shared/model/events.ts';
import type { PreparedChild, RunnableVersion } from '../engine/index.ts';
import { requireInputs, requireTools } from './check-start.ts';
import type { ProjectSession } from './project-session.ts';
import { chooseRunAgent } from './run-agent.ts';

/**
 * A run that a step of another asks for: checked like every start, with the word of whoever started its parent about the agent and the
 * model. Errors: `input.*`, `agent.*`, `workflow.invalid` where a tool is not set up here.
 */
export async function prepareChild(
  session: ProjectSession,
  version: RunnableVersion,
  { asked, parent }: { readonly asked: ChildAsked; readonly parent: RunCreated },
): Promise<PreparedChild> {
  const inputs = requireInputs(version.workflow, asked.inputs, {
    now: session.clock.now(),
    env: { ...session.host.allowedEnv, ...version.env },
  });
  requireTools(version.workflow, inputs, version.tools);
  const given = parent.agentFrom === 'start' ? (parent.agent ?? undefined) : undefined;
  return { version, inputs, ...(await chooseRunAgent(version, given, session)), model: parent.model };
}
