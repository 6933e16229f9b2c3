export { limitOf, requireLimits, type ToolLimit, unheldLimits, unheldText } from './limits.ts';
export type {
  AgentCall,
  CallAhead,
  HeldCost,
  LostCall,
  ModelCall,
  OperationTraits,
  Recovery,
  Tool,
  ToolCall,
  ToolCatalog,
  ToolResult,
} from './tool.ts';
