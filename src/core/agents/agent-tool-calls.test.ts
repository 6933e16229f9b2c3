import { describe, expect, test } from 'vitest';
import { AppError } from '../../shared/errors.ts';
import type { JsonMap } from '../../shared/json.ts';
import type { AgentRequest } from '../agent-port/index.ts';
import type { ToolResult } from '../tool-port/index.ts';
import { createAgentTool } from './agent-tool.ts';
import { offeredTool, reply, STRONG, scriptedAdapter, testCall, testDirectory } from './agents.test-support.ts';

type Directory = ReturnType<typeof testDirectory>['directory'];
const toolOf = (directory: Directory, hasBridge = true) =>
  createAgentTool(directory, { projectPath: '', hasBridge, now: () => 5_000 });
const run = async (
  directory: Directory,
  call: Parameters<ReturnType<typeof toolOf>['execute']>[0],
): Promise<ToolResult> => toolOf(directory).execute(call);

const SEARCH = {
  name: 'docs.search',
  description: 'd',
  parameters: { type: 'object', properties: { q: { type: 'string' } }, required: ['q'] },
};
const DROP = { name: 'docs.drop', description: 'd', parameters: { type: 'object' } };

describe('tools', () => {
  const asking = (name: string, input: JsonMap) =>
    scriptedAdapter('alpha', [
      async (request: AgentRequest) => {
        const { text, isError } = await request.callTool(name, input);
        return reply(`${isError ? 'error' : 'ok'} ${text}`);
      },
    ]);

  test('a granted function is called for real and its result goes back', async () => {
    const tools = [offeredTool('docs', [SEARCH])];
    const { call, toolCalls } = testCall('alpha', {}, { tools, result: { hits: 2 } });
    expect((await run(testDirectory([asking('docs.search', { q: 'x' })]).directory, call)).output).toBe(
      'ok {"hits":2}',
    );
    expect(toolCalls).toEqual([['docs.search', { q: 'x' }]]);
  });

  test('what is not granted is denied, noted and never called', async () => {
    const { call, toolCalls, notes } = testCall(
      'alpha',
      { tools: ['docs.search'] },
      { tools: [offeredTool('docs', [SEARCH, DROP])] },
    );
    const alpha = asking('docs.drop', {});
    expect((await run(testDirectory([alpha]).directory, call)).output).toMatch(/^error tool\.denied/);
    expect(alpha.asked[0]?.tools).toEqual([SEARCH]);
    expect(toolCalls).toEqual([]);
    expect(notes).toContainEqual(expect.objectContaining({ kind: 'note', level: 'warning' }));
  });

  test('arguments that are not those of the function do not reach the tool', async () => {
    const { call, toolCalls } = testCall('alpha', {}, { tools: [offeredTool('docs', [SEARCH])] });
    expect((await run(testDirectory([asking('docs.search', { q: 5 })]).directory, call)).output).toBe(
      'error tool.invalid_params: q must be string',
    );
    expect(toolCalls).toEqual([]);
  });

  test('a tool that fails is text for the model, not the end of the step', async () => {
    const { call } = testCall(
      'alpha',
      {},
      {
        tools: [offeredTool('docs', [SEARCH])],
        as: { callTool: () => Promise.reject(new AppError('tool.failed', 'No index.')) },
      },
    );
    // `as` replaces only what it names; the tools of the catalog stay.
    expect((await run(testDirectory([asking('docs.search', { q: 'x' })]).directory, call)).output).toBe(
      'error tool.failed: No index.',
    );
  });

  test('an agent that speaks MCP itself is given servers and no functions', async () => {
    const spec = { name: 'docs', url: 'http://x', headers: {}, tools: ['search', 'drop'] };
    const native = scriptedAdapter('alpha', ['x'], {
      capabilities: { ...STRONG, mcpNative: true, mcpViaBridge: false },
    });
    const { call } = testCall(
      'alpha',
      { tools: ['docs.search', 'files'] },
      {
        tools: [offeredTool('docs', [SEARCH], spec), offeredTool('files', [DROP])],
      },
    );
    const { warnings } = await run(testDirectory([native]).directory, call);
    expect(native.asked[0]).toMatchObject({ tools: [], mcpServers: [{ ...spec, tools: ['search'] }] });
    expect(warnings).toMatchObject([{ code: 'agent.tool_not_given' }]);
  });

  test('with the bridge off no function is offered', async () => {
    const alpha = scriptedAdapter('alpha', ['x']);
    const { call } = testCall('alpha', {}, { tools: [offeredTool('docs', [SEARCH])] });
    await toolOf(testDirectory([alpha]).directory, false).execute(call);
    expect(alpha.asked[0]?.tools).toEqual([]);
  });
});
