export type { OperationTraits, Recovery, Tool, ToolCall, ToolCatalog, ToolResult } from '../tool-port/index.ts';
export { createCatalog } from './create-catalog.ts';
export { createScriptTool } from './script/create-script-tool.ts';
export { discoverScriptTools, type ScriptToolDiscovery } from './script/discover-script-tools.ts';
