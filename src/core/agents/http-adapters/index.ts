import type { AgentAdapter } from '../../agent-port/index.ts';
import { ANTHROPIC } from './anthropic.ts';
import { createHttpAdapter } from './create-http-adapter.ts';
import { OLLAMA } from './ollama.ts';
import { OPENAI } from './openai.ts';
import type { HttpAgentOptions } from './settings.ts';

export type { HttpAgentOptions } from './settings.ts';

/**
 * Models on this machine or another one, served by Ollama (SPEC §4.4). Environment: `OLLAMA_HOST`, `OLLAMA_MODEL`. `ask` rejects with
 * `agent.not_configured` (unknown model, address refused), `agent.not_logged_in`, `agent.http_error`, `agent.rate_limited` and
 * `agent.overloaded` (`details.status`, `details.retry_after_ms`), `agent.connection_lost` (`details.phase` is `connect` when nothing
 * was sent), `agent.timed_out`, `agent.invalid_reply`, `agent.output_too_large`, `agent.turn_limit`, `agent.failed` (the model
 * refuses), `agent.incompatible` (it cannot call tools); each call of the model is reported as it ends.
 */
export const createOllamaAdapter = (options: HttpAgentOptions): AgentAdapter => createHttpAdapter(OLLAMA, options);

/** Any service that speaks like OpenAI's chat completions. Environment: `OPENAI_API_KEY`, `OPENAI_BASE_URL`, `OPENAI_MODEL`. Errors as above. */
export const createOpenAiAdapter = (options: HttpAgentOptions): AgentAdapter => createHttpAdapter(OPENAI, options);

/** Claude models over their API. Environment: `ANTHROPIC_API_KEY`, `ANTHROPIC_BASE_URL`, `ANTHROPIC_MODEL`. Errors as above. */
export const createAnthropicAdapter = (options: HttpAgentOptions): AgentAdapter =>
  createHttpAdapter(ANTHROPIC, options);
