import type { ToolNeeds } from '../../../shared/model/needs.ts';
import type { StepWarning } from '../../../shared/model/run.ts';
import { type Containment, SANDBOX_NAMES, type Sandbox } from '../../processes/index.ts';
import type { ToolCall } from '../../tool-port/index.ts';
import { containmentOf, containmentText } from './containment-of.ts';

/** What holds a call, and what the step has to say of it. */
export interface ContainedCall {
  readonly containment: Containment | undefined;
  readonly notices: readonly StepWarning[];
}

/**
 * What a call may reach. The log of its step says what holds it before it starts; where something is declared and the system has no
 * sandbox, the step carries that as a warning.
 */
export function containCall(
  needs: ToolNeeds,
  call: Pick<ToolCall, 'permissions' | 'workDir' | 'runDir' | 'log'>,
  { programs, sandbox }: { readonly programs: readonly string[]; readonly sandbox: () => Sandbox },
): ContainedCall {
  const containment = containmentOf(needs, call.permissions, { ...call, programs });
  if (containment === null) return { containment: undefined, notices: [] };
  const holder = sandbox();
  if (holder.kind === 'none') {
    const message = `Not contained: what the tool declares is not held here. ${holder.reason}`;
    call.log('log', message, 'warning');
    return { containment, notices: [{ code: 'tool.not_contained', message }] };
  }
  call.log('log', containmentText(containment, SANDBOX_NAMES[holder.kind]));
  return { containment, notices: [] };
}
