export type { AgentAdapter, AgentLimit, AgentProbe, AgentReply, AgentRequest, McpServerSpec } from './agent.ts';
