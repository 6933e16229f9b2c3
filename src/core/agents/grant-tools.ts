import { AppError } from '../../shared/errors.ts';
import type { Json } from '../../shared/json.ts';
import type { FunctionTool } from '../../shared/model/agent.ts';
import type { StepWarning } from '../../shared/model/run.ts';
import type { McpServerSpec } from '../agent-port/index.ts';
import type { AgentCall, Tool, ToolCall } from '../tool-port/index.ts';
import { splitAction } from '../workflow/index.ts';
import type { AgentSeat } from './agent-directory.ts';

/** The tools that an agent may use while it answers. */
export interface ToolGrant {
  /** Through function calling and our tool layer. */
  readonly functions: readonly FunctionTool[];
  /** Through MCP of the agent's own. */
  readonly servers: readonly McpServerSpec[];
  readonly warnings: readonly StepWarning[];
}

/** No tools for an agent. */
export const NO_GRANT: ToolGrant = { functions: [], servers: [], warnings: [] };

/**
 * What the step's tools become for this agent: servers where it speaks MCP itself, else functions where it can call them, nothing
 * else. A tool that the step names and the agent cannot be given is a warning; so is one that cannot say what it can do.
 */
export async function grantTools(
  call: ToolCall & { readonly agent: AgentCall },
  record: AgentSeat['record'],
  hasBridge: boolean,
): Promise<ToolGrant> {
  const { capabilities: own } = record.adapter;
  // The file may take away what an adapter has, it cannot give what it has not.
  const isNative = own.mcpNative && record.capabilities.mcpNative;
  const isBridged = !isNative && hasBridge && canCallFunctions(record);
  const functions: FunctionTool[] = [];
  const servers: McpServerSpec[] = [];
  const warnings: StepWarning[] = [];
  const wanted = namedOperations(call.inputs.tools);
  for (const name of call.agent.tools.names()) {
    const tool = call.agent.tools.get(name);
    if (tool === undefined) continue;
    const isGiven =
      (isNative && (await addServer(tool, wanted, servers))) ||
      (isBridged && (await addFunctions(tool, wanted, { functions, warnings, signal: call.signal })));
    if (!isGiven && wanted !== null) warnings.push(notGiven(name, record.name));
  }
  return { functions, servers, warnings };
}

function canCallFunctions({ adapter, capabilities }: AgentSeat['record']): boolean {
  const can = [adapter.capabilities, capabilities].every((one) => one.toolCalling !== 'none');
  return can && adapter.capabilities.mcpViaBridge && capabilities.mcpViaBridge;
}

/** The step's own `tools` list; null = it has none, every granted tool is offered as far as it can be. */
function namedOperations(tools: Json | undefined): readonly string[] | null {
  if (!Array.isArray(tools)) return null;
  return tools.filter((one) => typeof one === 'string');
}

/** Whether the step's list lets an operation through: by `tool` or `tool.operation`; MCP takes `-` and `_` as equal. */
function isWanted(wanted: readonly string[] | null, tool: string, operation: string): boolean {
  if (wanted === null) return true;
  return wanted.some((one) => {
    const named = splitAction(one);
    return named.tool === tool && (!one.includes('.') || alike(named.operation) === alike(operation));
  });
}

const alike = (name: string): string => name.replaceAll('-', '_');

async function addServer(tool: Tool, wanted: readonly string[] | null, servers: McpServerSpec[]): Promise<boolean> {
  const spec = (await tool.mcpServer?.()) ?? null;
  if (spec === null) return false;
  servers.push({ ...spec, tools: spec.tools.filter((one) => isWanted(wanted, tool.name, one)) });
  return true;
}

async function addFunctions(
  tool: Tool,
  wanted: readonly string[] | null,
  into: { readonly functions: FunctionTool[]; readonly warnings: StepWarning[]; readonly signal: AbortSignal },
): Promise<boolean> {
  if (tool.functions === undefined) return false;
  try {
    const offered = await tool.functions(into.signal);
    into.functions.push(...offered.filter((one) => isWanted(wanted, tool.name, splitAction(one.name).operation)));
    return true;
  } catch (thrown) {
    if (!(thrown instanceof AppError) || into.signal.aborted || wanted !== null) throw thrown;
    into.warnings.push({
      code: thrown.code,
      message: `The agent goes without the tool '${tool.name}': ${thrown.message}`,
    });
    return true;
  }
}

const notGiven = (tool: string, agent: string): StepWarning => ({
  code: 'agent.tool_not_given',
  message: `The tool '${tool}' cannot be given to the agent ${agent}.`,
});
