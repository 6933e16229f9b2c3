import type { ChildAsked } from '../../shared/model/events.ts';
import type { PreparedChild, RunnableVersion, SecretRun } from '../engine/index.ts';
import { requireInputs, requireTools } from './check-start.ts';
import type { ProjectSession } from './project-session.ts';
import { chooseRunAgent } from './run-agent.ts';
import { inputContext, openInputs, sealInputs } from './secret-inputs.ts';

/**
 * A run that a step of another asks for: checked like every start, with the word of whoever started its parent about the agent and the
 * model. Errors: `input.*`, `agent.*`, `secret.*`, `workflow.invalid` where a tool is not set up here.
 */
export async function prepareChild(
  session: ProjectSession,
  version: RunnableVersion,
  { asked, parent }: { readonly asked: ChildAsked; readonly parent: SecretRun },
): Promise<PreparedChild> {
  const { created } = parent;
  const asking = await openInputs(session, version.workflow.inputs, asked.inputs, parent);
  const inputs = requireInputs(version.workflow, asking, inputContext(session, version));
  requireTools(version.workflow, inputs, version.tools);
  const given = created.agentFrom === 'start' ? (created.agent ?? undefined) : undefined;
  const chosen = await chooseRunAgent(version, given, session);
  return { version, ...(await sealInputs(session, version, inputs, parent)), ...chosen, model: created.model };
}
