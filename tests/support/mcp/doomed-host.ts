/**
 * A process that owns an MCP server and is killed by its test: `node doomed-host.ts <settings as JSON>`. Prints `called` once
 * its call has begun.
 */
import { createHttpClient } from '../../../src/core/http/index.ts';
import { systemClock } from '../../../src/core/time/index.ts';
import { createMcpTool, type McpSettings } from '../../../src/core/tools/mcp/index.ts';

const { settings, stateDir, operations } = JSON.parse(process.argv[2] ?? '') as {
  readonly settings: McpSettings;
  readonly stateDir: string;
  readonly operations: readonly string[];
};
const tool = createMcpTool({
  commons: {
    ...{ name: 'lab', description: '', allowedHosts: [], allowedPaths: [], timeoutMs: 60_000 },
    auth: async () => ({ type: 'none', token: null, header: null, query: null, scopes: [] }),
    pin: { accepted: () => null, check: () => undefined },
    onChange: () => undefined,
  },
  ...{ settings, stateDir, hostEnv: process.env, http: createHttpClient({ clock: systemClock }), ports: systemClock },
});
for (const operation of operations) {
  const result = await tool.execute({
    ...{ operation, inputs: {}, runId: 'run', stepId: 'step', path: 'step', attempt: 1, stepNow: 0, stepKey: 'key' },
    ...{ timeoutMs: 60_000, workDir: stateDir, runDir: stateDir, env: {} },
    signal: new AbortController().signal,
    log: () => undefined,
  });
  console.log(JSON.stringify(result.output));
}
