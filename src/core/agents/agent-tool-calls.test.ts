import { describe, expect, test } from 'vitest';
import { AppError } from '../../shared/errors.ts';
import type { JsonMap } from '../../shared/json.ts';
import type { AgentRequest } from '../agent-port/index.ts';
import type { ToolResult } from '../tool-port/index.ts';
import { createAgentTool } from './agent-tool.ts';
import { offeredTool, reply, STRONG, scriptedAdapter, testCall, testDirectory } from './agents.test-support.ts';

type Directory = ReturnType<typeof testDirectory>['directory'];
const progress = { turns: 3, usd: '0.5' };
const toolOf = (directory: Directory, hasBridge = true) =>
  createAgentTool(directory, { projectPath: '', hasBridge, now: () => 5_000, progress });
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

describe('an agent that gets no further', () => {
  /** Calls the search again and again until it may not, or has said all of `found`. */
  const searching = (found: readonly string[]) =>
    scriptedAdapter(
      'alpha',
      [
        async ({ callBegins, callEnded, callTool }) => {
          for (const q of found) {
            (await callBegins({ model: 'm1', sentChars: 1 })).release();
            await callEnded({ model: 'm1', usage: null, sentChars: 1, saidChars: 1, durationMs: 1, error: null });
            await callTool('docs.search', { q });
          }
          return reply('All is read.');
        },
      ],
      { reportsCalls: true },
    );
  const askedWith = (found: readonly string[], cost: string | null) => {
    const said: string[] = [];
    const { call } = testCall(
      'alpha',
      {},
      {
        tools: [offeredTool('docs', [SEARCH])],
        as: {
          callTool: async (_action, { q }) => {
            said.push(String(q));
            return { output: `about ${q}` };
          },
          spent: async () => cost,
        },
      },
    );
    return { said, output: run(testDirectory([searching(found)]).directory, call) };
  };

  test('is stopped before its next call, once its tools have said nothing new for so many turns', async () => {
    const { said, output } = askedWith(['a', 'b', 'b', 'a', 'b', 'c'], null);
    await expect(output).rejects.toMatchObject({
      code: 'agent.no_progress',
      message: 'The agent alpha has spent 3 turns without anything new.',
    });
    expect(said).toEqual(['a', 'b', 'b', 'a', 'b']);
  });

  test('or once that has cost so much', async () => {
    const { said, output } = askedWith(['a', 'a', 'a', 'a'], '0.3');
    await expect(output).rejects.toMatchObject({ message: 'The agent alpha has spent $0.5 without anything new.' });
    expect(said).toEqual(['a', 'a', 'a']);
  });

  test('goes on as long as they say something new', async () => {
    expect(await askedWith(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'], '0.4').output).toMatchObject({
      output: 'All is read.',
    });
  });

  test('and makes its calls itself is ended', async () => {
    const alpha = scriptedAdapter(
      'alpha',
      [
        ({ note, signal }) => {
          for (let turn = 0; turn < 4; turn += 1)
            note({ kind: 'tool_result', id: `${turn}`, text: 'x', isError: false });
          return signal.aborted
            ? Promise.reject(new AppError('run.cancelled', 'It was ended.'))
            : Promise.resolve(reply('It goes on.'));
        },
      ],
      { kind: 'cli' },
    );
    await expect(run(testDirectory([alpha]).directory, testCall('alpha', {}).call)).rejects.toMatchObject({
      code: 'agent.no_progress',
    });
  });
});
