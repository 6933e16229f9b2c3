/** Plays the engine that dies in the middle of a question: asks once with what stands in its first argument, and never ends by itself. */
import { createClaudeCodeAdapter, createOpenCodeAdapter } from '../../src/core/agents/cli-adapters/index.ts';
import { createHttpClient } from '../../src/core/http/index.ts';
import { createProcessRunner } from '../../src/core/processes/index.ts';
import { systemClock } from '../../src/core/time/index.ts';

const { agent, stateDir, hostEnv, config, request } = JSON.parse(process.argv[2] ?? '{}');
const create = agent === 'opencode' ? createOpenCodeAdapter : createClaudeCodeAdapter;
const adapter = create({
  config,
  hostEnv,
  projectPath: request.workDir,
  runner: createProcessRunner({ clock: systemClock, stateDir }),
  http: createHttpClient({ clock: systemClock }),
});
setInterval(() => undefined, 1000);
await adapter.ask({
  ...request,
  signal: new AbortController().signal,
  note: () => undefined,
  callTool: async () => ({ text: '', isError: true }),
});
