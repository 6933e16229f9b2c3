import type { Json, JsonMap } from '../../../shared/json.ts';
import type { AgentCapabilities } from '../../../shared/model/agent.ts';

/** SPEC §4.3 "Defaults of a capability record". */
export const DEFAULT_CAPABILITIES: AgentCapabilities = {
  toolCalling: 'limited',
  reasoning: 'basic',
  streaming: true,
  codeExecution: true,
  fileCreation: true,
  mcpNative: false,
  mcpViaBridge: false,
  extendedReasoning: false,
  multiTurn: true,
  contextWindow: 100_000,
  webSearch: false,
};

/** Capabilities in the words of `capabilities.yaml`, as routing rules read them. */
export function toCapabilityWords(capabilities: AgentCapabilities): JsonMap {
  const { mcpNative, mcpViaBridge } = capabilities;
  return {
    tool_calling: capabilities.toolCalling,
    reasoning: capabilities.reasoning,
    streaming: capabilities.streaming,
    code_execution: capabilities.codeExecution ? 'supported' : false,
    file_creation: capabilities.fileCreation,
    mcp: {
      native_support: mcpNative,
      mcp_servers: mcpNative ? 'via_config' : mcpViaBridge ? 'via_bridge' : 'not_supported',
    },
    extended_reasoning: capabilities.extendedReasoning,
    multi_turn: capabilities.multiTurn,
    context_window: capabilities.contextWindow,
    web_search: capabilities.webSearch ? 'native' : 'not_supported',
  };
}

/** What was written, laid over what an adapter says of itself. `mcp` is merged key by key. */
export function mergeCapabilityWords(own: JsonMap, written: JsonMap): JsonMap {
  return { ...own, ...written, mcp: { ...mapOf(own.mcp), ...mapOf(written.mcp) } };
}

/** The record behind the words; what is missing has its default, `model_dependent` counts as not promised. */
export function readCapabilityWords(words: JsonMap): AgentCapabilities {
  const base = DEFAULT_CAPABILITIES;
  const mcp = mapOf(words.mcp);
  const { tool_calling: toolCalling, reasoning, context_window: window } = words;
  return {
    toolCalling:
      toolCalling === 'native' || toolCalling === 'supported' || toolCalling === 'none' ? toolCalling : 'limited',
    reasoning: reasoning === 'advanced' ? 'advanced' : 'basic',
    streaming: isYes(words.streaming, base.streaming),
    codeExecution: isYes(words.code_execution, base.codeExecution),
    fileCreation: isYes(words.file_creation, base.fileCreation),
    mcpNative: isYes(mcp.native_support, base.mcpNative),
    mcpViaBridge: mcp.mcp_servers === 'via_bridge',
    extendedReasoning: isYes(words.extended_reasoning, base.extendedReasoning),
    multiTurn: isYes(words.multi_turn, base.multiTurn),
    contextWindow: typeof window === 'number' ? window : base.contextWindow,
    webSearch: isYes(words.web_search, base.webSearch),
  };
}

const YES: ReadonlySet<Json> = new Set<Json>([true, 'true', 'supported', 'sandboxed', 'native', 'via_tools']);

const isYes = (value: Json | undefined, fallback: boolean): boolean =>
  value === undefined || value === null ? fallback : YES.has(value);

const mapOf = (value: Json | undefined): JsonMap =>
  value !== undefined && value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as JsonMap) : {};
