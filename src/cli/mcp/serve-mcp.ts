import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { CallToolRequestSchema, ListToolsRequestSchema, type Tool } from '@modelcontextprotocol/sdk/types.js';
import { runIdField } from '../../shared/contract/fields.ts';
import { AppError } from '../../shared/errors.ts';
import type { JsonMap } from '../../shared/json.ts';
import type { CliContext, OpenClient } from '../context.ts';
import { callWorkflow, lookAtRun, refusal } from './call-workflow.ts';
import { SharedClient } from './shared-client.ts';
import { type WorkflowTool, workflowTools } from './workflow-tools.ts';

/** For runs that rested when their tool answered. Reads and nothing else: no tool decides what a person has to. */
const LOOK: Tool = {
  name: 'aiworkflow_get_run',
  title: 'Look at a run',
  description: 'How a run stands and what it gave, by the run_id that a tool answered with.',
  inputSchema: {
    type: 'object',
    properties: { run_id: { type: 'string' } },
    required: ['run_id'],
    additionalProperties: false,
  },
  annotations: { readOnlyHint: true },
};

/** Serves the trusted workflows of the project as tools on stdin and stdout, until the client goes or this process is asked to stop. */
export async function serveMcp(context: CliContext, version: string): Promise<void> {
  const shared = new SharedClient(context);
  const server = new Server({ name: 'aiworkflow', version }, { capabilities: { tools: {} } });
  server.setRequestHandler(ListToolsRequestSchema, async () => ({
    tools: [...(await shared.use(trustedTools)).map(shownTool), LOOK],
  }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, { signal, sendNotification }) => {
    const { name, arguments: given = {}, _meta } = params;
    const progressToken = _meta?.progressToken;
    const onProgress = (progress: number, total: number, message: string): void => {
      if (progressToken === undefined) return;
      // A client that has gone hears of nothing.
      const told = sendNotification({
        method: 'notifications/progress',
        params: { progressToken, progress, total, message },
      });
      told.catch(() => undefined);
    };
    const made = shared.use(async (client) => {
      if (name === LOOK.name) return lookAtRun(client, runIdOf(given));
      const tool = (await trustedTools(client)).find((one) => one.name === name);
      if (tool === undefined) throw noTool(name);
      return callWorkflow(client, tool, given as JsonMap, { onProgress, signal });
    });
    return { ...(await made.catch(refusal)) };
  });
  const gone = new Promise<void>((resolve) => {
    server.onclose = resolve;
    process.stdin.once('end', resolve);
    context.interrupts.listen(() => resolve());
  });
  await server.connect(new StdioServerTransport());
  await gone;
  await shared.abandon();
  await server.close();
}

/** What a person accepted and what has no error: nothing else can be started. */
async function trustedTools(client: OpenClient): Promise<readonly WorkflowTool[]> {
  const { workflows } = await client.call('workflows.list', {});
  const usable = workflows.filter(
    ({ trust, error, unsupported }) =>
      (trust === 'own' || trust === 'trusted') && error === null && unsupported === null,
  );
  return workflowTools(await Promise.all(usable.map(({ ref }) => client.call('workflows.get', { ref }))));
}

const shownTool = ({ name, title, description, inputSchema, outputSchema }: WorkflowTool): Tool =>
  ({ name, title, description, inputSchema, outputSchema }) as Tool;

function runIdOf(given: Readonly<Record<string, unknown>>): string {
  const read = runIdField.safeParse(given['run_id']);
  if (read.success) return read.data;
  throw new AppError('contract.invalid_input', "'run_id' is not the id of a run.", {
    hint: 'Take it from the answer of the tool.',
  });
}

const noTool = (name: string): AppError =>
  new AppError('workflow.not_found', `There is no tool '${name.slice(0, 64)}'.`, {
    hint: 'List the tools again: only trusted workflows without errors are offered.',
  });
