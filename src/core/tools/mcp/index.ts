export { createMcpTool } from './create-mcp-tool.ts';
export type { McpPorts } from './mcp-server.ts';
export { type McpServerSettings, type McpSettings, parseMcpPackage } from './mcp-settings.ts';
export { endMcpOrphans } from './orphan-records.ts';
export { readMcpSettings } from './read-mcp-settings.ts';
