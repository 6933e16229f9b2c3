export type { OperationTraits, Recovery, Tool, ToolCall, ToolCatalog, ToolResult } from './tool.ts';
