/** A real HTTP server that speaks the wire formats of Anthropic, OpenAI and Ollama, for agent tests without a key. */
export type {
  Answer,
  GarbageAnswer,
  MessageAnswer,
  ModelRequest,
  SaidToolCall,
  SaidUsage,
  SeenToolResult,
  StatusAnswer,
  WireFormat,
} from './answer.ts';
export { defaultAnswer } from './default-answer.ts';
export { type ModelServer, type ModelServerOptions, type Script, startModelServer } from './model-server.ts';
