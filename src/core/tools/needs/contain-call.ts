import type { ToolNeeds } from '../../../shared/model/needs.ts';
import type { StepWarning } from '../../../shared/model/run.ts';
import { type Containment, findSandbox, SANDBOX_NAMES, type Sandbox } from '../../processes/index.ts';
import type { ToolCall } from '../../tool-port/index.ts';
import { containmentOf, containmentText, opensNetwork } from './containment-of.ts';

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
  {
    programs,
    sandbox,
    keepsWorkDir = false,
  }: {
    readonly programs: readonly string[];
    readonly sandbox: () => Sandbox;
    readonly keepsWorkDir?: boolean | undefined;
  },
): ContainedCall {
  const containment = containmentOf(needs, call.permissions, { ...call, programs, keepsWorkDir });
  if (containment === null) return { containment: undefined, notices: [] };
  return { containment, notices: sayContained(containment, call.log, sandbox) };
}

/** Says in the log of a step what holds its tool; a warning where the system has nothing that could. */
export function sayContained(
  containment: Pick<Containment, 'read' | 'write' | 'network'> | ToolNeeds,
  log: ToolCall['log'],
  sandbox: () => Sandbox = findSandbox,
): readonly StepWarning[] {
  const holder = sandbox();
  if (holder.kind === 'none') {
    const message = `Not contained: what the tool declares is not held here. ${holder.reason}`;
    log('log', message, 'warning');
    return [{ code: 'tool.not_contained', message }];
  }
  const network = opensNetwork(containment);
  log('log', containmentText({ ...containment, network }, SANDBOX_NAMES[holder.kind]));
  return [];
}
