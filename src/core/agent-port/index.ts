export type {
  AgentAdapter,
  AgentLimit,
  AgentProbe,
  AgentReply,
  AgentRequest,
  EndedCall,
  McpServerSpec,
  ModelShare,
} from './agent.ts';
export type { AgentSettings } from './agent-settings.ts';
