export { createMcpTool, type McpToolOptions } from './create-mcp-tool.ts';
export type { McpPorts } from './mcp-server.ts';
export {
  commandOf,
  describeServer,
  type McpPackage,
  type McpServerSettings,
  type McpSettings,
  parseMcpPackage,
} from './mcp-settings.ts';
export { endMcpOrphans } from './orphan-records.ts';
export { type McpSettingsReading, readMcpSettings } from './read-mcp-settings.ts';
