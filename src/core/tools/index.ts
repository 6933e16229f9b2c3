export type { OperationTraits, Tool, ToolCall, ToolCatalog, ToolResult } from '../tool-port/index.ts';
export { createCatalog } from './create-catalog.ts';
export { endMcpOrphans } from './mcp/index.ts';
export {
  type RegistryReach,
  readRegistryCatalog,
  readRegistryReach,
  ToolRegistry,
  type ToolRegistryOptions,
  toolMadeOf,
} from './registry/index.ts';
export { createScriptTool } from './script/create-script-tool.ts';
export { discoverScriptTools } from './script/discover-script-tools.ts';
