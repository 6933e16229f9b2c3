export type {
  AgentCall,
  ModelCall,
  OperationTraits,
  Recovery,
  Tool,
  ToolCall,
  ToolCatalog,
  ToolResult,
} from './tool.ts';
