import { afterAll, beforeAll } from 'vitest';
import type { AgentAdapter } from '../../src/core/agent-port/index.ts';
import {
  createAnthropicAdapter,
  createOllamaAdapter,
  createOpenAiAdapter,
  type HttpAgentOptions,
} from '../../src/core/agents/http-adapters/index.ts';
import { createDemoAdapter } from '../../src/core/agents/index.ts';
import { createHttpClient } from '../../src/core/http/index.ts';
import { systemClock } from '../../src/core/time/index.ts';
import { agentConformance, type ConformanceCase } from '../support/agent-conformance.ts';
import { type ModelServer, startModelServer } from '../support/model-server/index.ts';

const KEY = 'sk-planted-5f2c9a7e41d84b6b';

let model: ModelServer;
beforeAll(async () => {
  model = await startModelServer({ keys: [KEY] });
});
afterAll(() => model.close());

/** An agent over HTTP whose server is the model server, logged in with a key. */
const httpCase =
  (create: (options: HttpAgentOptions) => AgentAdapter, baseUrl: () => string) =>
  async (): Promise<ConformanceCase> => {
    model.reset();
    const http = createHttpClient({ clock: systemClock });
    return {
      adapter: create({
        config: { api_base_url: baseUrl(), api_key: 'TEST_KEY' },
        http,
        hostEnv: { TEST_KEY: KEY, AIWORKFLOW_AGENT_KEYS: 'TEST_KEY' },
      }),
      model,
      secrets: [KEY],
      isQuiet: () => true,
      close: () => http.close(),
    };
  };

agentConformance(
  'demo',
  async () => ({
    adapter: createDemoAdapter(),
    model: null,
    secrets: [],
    isQuiet: () => true,
    close: async () => undefined,
  }),
  { hasModel: false },
);
agentConformance(
  'ollama',
  httpCase(createOllamaAdapter, () => model.url),
);
agentConformance(
  'openai',
  httpCase(createOpenAiAdapter, () => model.openAiUrl),
);
agentConformance(
  'anthropic',
  httpCase(createAnthropicAdapter, () => model.url),
);
