export type {
  AgentAdapter,
  AgentLimit,
  AgentProbe,
  AgentReply,
  AgentRequest,
  EndedCall,
  McpServerSpec,
} from './agent.ts';
export type { AgentSettings } from './agent-settings.ts';
