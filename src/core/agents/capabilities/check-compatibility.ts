import type { AgentCapabilities } from '../../../shared/model/agent.ts';
import type { Diagnostic } from '../../../shared/model/diagnostic.ts';
import type { AgentSupport, Workflow } from '../../../shared/model/workflow.ts';
import { DEMO } from '../agent-settings.ts';

/** SPEC §4.3 "supports_feature"; a feature that nobody knows is not supported. */
export function supportsFeature(capabilities: AgentCapabilities, feature: string): boolean {
  switch (feature) {
    case 'tool_calling':
      return capabilities.toolCalling === 'native' || capabilities.toolCalling === 'supported';
    case 'reasoning':
      return true;
    case 'advanced_reasoning':
      return capabilities.reasoning === 'advanced';
    case 'streaming':
      return capabilities.streaming;
    case 'code_execution':
      return capabilities.codeExecution;
    // An agent that makes files also reads and edits them: the capability record has one word for the three.
    case 'file_creation':
    case 'file_reading':
    case 'file_editing':
      return capabilities.fileCreation;
    case 'mcp':
      return capabilities.mcpNative || capabilities.mcpViaBridge;
    case 'mcp_native':
      return capabilities.mcpNative;
    case 'extended_reasoning':
      return capabilities.extendedReasoning;
    case 'multi_turn':
      return capabilities.multiTurn;
    case 'web_search':
      return capabilities.webSearch;
    default:
      return false;
  }
}

const COMPATIBLE: ReadonlySet<AgentSupport> = new Set<AgentSupport>(['recommended', 'supported', 'partial']);

/**
 * What stands between a workflow and the agent that is to run it (SPEC §1.1): an error where its author lists the agent as not
 * compatible or a required feature is missing, a warning for a recommended one. Empty = nothing.
 */
export function checkCompatibility(
  workflow: Pick<Workflow, 'agents' | 'requirements'>,
  agent: { readonly name: string; readonly capabilities: AgentCapabilities },
): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const listed = workflow.agents.find((one) => one.name === agent.name);
  if (listed !== undefined && !COMPATIBLE.has(listed.status)) {
    found.push({
      severity: 'error',
      code: 'agent.incompatible',
      message: `Workflow not compatible with agent: ${agent.name}`,
    });
  }
  for (const { name, level } of workflow.requirements.features) {
    if (level === 'optional' || supportsFeature(agent.capabilities, name)) continue;
    // The demo agent stands in for any agent: it says so with every answer, and lacks nothing that would make a run end badly.
    const isRequired = level === 'required' && agent.name !== DEMO;
    found.push({
      severity: isRequired ? 'error' : 'warning',
      code: 'agent.incompatible',
      message: isRequired
        ? `The agent ${agent.name} lacks the feature '${name}', which the workflow requires`
        : `The agent ${agent.name} lacks the feature '${name}', which the workflow ${level === 'required' ? 'requires' : 'recommends'}`,
    });
  }
  return found;
}
