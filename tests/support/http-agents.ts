import type { AgentAdapter } from '../../src/core/agent-port/index.ts';
import {
  createAnthropicAdapter,
  createOllamaAdapter,
  createOpenAiAdapter,
  type HttpAgentOptions,
} from '../../src/core/agents/http-adapters/index.ts';
import { createHttpClient, type HttpClient } from '../../src/core/http/index.ts';
import { systemClock } from '../../src/core/time/index.ts';
import type { JsonMap } from '../../src/shared/json.ts';
import type { FunctionTool } from '../../src/shared/model/agent.ts';
import type { ModelServer, WireFormat } from './model-server/index.ts';

export const AGENT_KEY = 'sk-planted-5f2c9a7e41d84b6b';

const MAKERS: Readonly<Record<WireFormat, (options: HttpAgentOptions) => AgentAdapter>> = {
  ollama: createOllamaAdapter,
  openai: createOpenAiAdapter,
  anthropic: createAnthropicAdapter,
};

export const HTTP_AGENTS: readonly WireFormat[] = ['ollama', 'openai', 'anthropic'];

/** Agents over HTTP with one client; `close` ends their connections. */
export interface HttpAgents {
  readonly http: HttpClient;
  /** The agent of a format at the model server, with a key. */
  at(format: WireFormat, model: ModelServer, config?: JsonMap): AgentAdapter;
  /** One that is set up from scratch. */
  make(format: WireFormat, options: Omit<HttpAgentOptions, 'http'>): AgentAdapter;
  close(): Promise<void>;
}

export function openHttpAgents(): HttpAgents {
  const http = createHttpClient({ clock: systemClock });
  const make: HttpAgents['make'] = (format, options) => MAKERS[format]({ ...options, http });
  return {
    http,
    make,
    at: (format, model, config = {}) =>
      make(format, {
        config: { api_base_url: format === 'openai' ? model.openAiUrl : model.url, api_key: 'TEST_KEY', ...config },
        hostEnv: { TEST_KEY: AGENT_KEY, AIWORKFLOW_AGENT_KEYS: 'TEST_KEY' },
      }),
    close: () => http.close(),
  };
}

/** A function as a step grants it. */
export const functionTool = (name: string, properties: JsonMap = { path: { type: 'string' } }): FunctionTool => ({
  name,
  description: `Does ${name}.`,
  parameters: { type: 'object', properties },
});
