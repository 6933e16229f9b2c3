import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AppError } from '../../shared/errors.ts';
import type { JsonMap } from '../../shared/json.ts';
import { NO_USAGE } from '../../shared/model/agent.ts';
import type { AgentCall, ToolResult } from '../tool-port/index.ts';
import { createAgentTool } from './agent-tool.ts';
import { reply, scriptedAdapter, testCall, testDirectory } from './agents.test-support.ts';
import { createDemoAdapter } from './demo/demo-adapter.ts';

let projectPath = '';
beforeAll(async () => {
  projectPath = await mkdtemp(join(tmpdir(), 'aiw-agent-tool-'));
});
afterAll(() => rm(projectPath, { recursive: true, force: true }));

type Directory = ReturnType<typeof testDirectory>['directory'];
const progress = { turns: null, usd: null };
const toolOf = (directory: Directory) =>
  createAgentTool(directory, { projectPath, hasBridge: true, now: () => 5_000, progress });
const run = async (
  directory: Directory,
  call: Parameters<ReturnType<typeof toolOf>['execute']>[0],
): Promise<ToolResult> => toolOf(directory).execute(call);

const SCHEMA: JsonMap = {
  type: 'object',
  properties: { verdict: { enum: ['approve', 'comment'] }, issues: { type: 'array' } },
  required: ['verdict'],
};
const code = (expected: string) => expect.objectContaining({ code: expected });

describe('asking', () => {
  test('the agent is asked with the prompt, the answer is the output, what was spent is on record', async () => {
    const alpha = scriptedAdapter('alpha', ['All is fine.']);
    const { directory } = testDirectory([alpha]);
    const { call, notes, spent } = testCall('alpha', { task: 'Look at it', data: { a: 1 } });
    expect(await run(directory, call)).toEqual({ output: 'All is fine.', warnings: [] });
    expect(alpha.asked[0]).toMatchObject({ ask: 1, operation: 'analyze', schema: null, timeoutMs: 60_000, tools: [] });
    expect(alpha.asked[0]?.prompt).toContain('Task: Look at it');
    expect(notes[0]).toEqual({ kind: 'prompt', text: alpha.asked[0]?.prompt, model: 'm1' });
    expect(spent).toHaveLength(1);
    expect(spent[0]).toMatchObject({ model: 'm1', error: null, reportedCost: null });
    expect(spent[0]?.usage).toMatchObject({ isEstimated: true, outputTokens: 3 });
    expect(spent[0]?.usage.inputTokens).toBeGreaterThan(10);
  });

  test('what the agent itself says it used wins over the estimate', async () => {
    const usage = {
      inputTokens: 7,
      outputTokens: 8,
      cachedTokens: 1,
      cacheWriteTokens: 0,
      reasoningTokens: 2,
      isEstimated: false,
    };
    const { directory } = testDirectory([scriptedAdapter('alpha', [reply('x', { usage, reportedCost: '0.5' })])]);
    const { call, spent } = testCall('alpha', {});
    await run(directory, call);
    expect(spent[0]).toMatchObject({ usage, reportedCost: '0.5' });
  });

  test('a reply that is JSON is parsed, also from its one fence; text that only holds some is not', async () => {
    const alpha = scriptedAdapter('alpha', ['{"a": [1]}', '```json\n[1, 2]\n```', 'see {"a": 1}', '2024']);
    const { directory } = testDirectory([alpha]);
    const outputs = [];
    for (let count = 0; count < 4; count += 1) outputs.push((await run(directory, testCall('alpha', {}).call)).output);
    expect(outputs).toEqual([{ a: [1] }, [1, 2], 'see {"a": 1}', '2024']);
  });

  test('render_only gives the rendered template and calls nobody', async () => {
    const alpha = scriptedAdapter('alpha', ['no']);
    const { directory } = testDirectory([alpha]);
    const { call, spent } = testCall('alpha', { template: 'Dear Ada', render_only: true });
    expect(await run(directory, call)).toEqual({ output: 'Dear Ada' });
    expect([alpha.asked, spent]).toEqual([[], []]);
  });

  test('files of the project are in the prompt, hidden ones never', async () => {
    await writeFile(join(projectPath, 'notes.txt'), 'the notes');
    await writeFile(join(projectPath, '.env'), 'KEY=hunter2');
    const alpha = scriptedAdapter('alpha', ['ok']);
    await run(testDirectory([alpha]).directory, testCall('alpha', { files: ['notes.txt', '.env'] }).call);
    expect(alpha.asked[0]?.prompt).toContain('the notes');
    expect(alpha.asked[0]?.prompt).toContain('.env (not read');
    expect(alpha.asked[0]?.prompt).not.toContain('hunter2');
  });

  test('an unknown operation is named', () => {
    const tool = toolOf(testDirectory([]).directory);
    expect(() => tool.traits('analyse')).toThrow(
      expect.objectContaining({
        code: 'agent.unknown_operation',
        message: 'Unknown agent operation: analyse',
        hint: "Did you mean 'analyze'?",
      }),
    );
    expect(tool.operations).toHaveLength(7);
  });
});

describe('structured output', () => {
  test('a valid answer is taken at once, wherever its JSON stands', async () => {
    const texts = [
      '{"verdict":"approve"}',
      'Here:\n```json\n{"verdict":"approve"}\n```\nDone.',
      'I say {"verdict":"approve"}, really.',
    ];
    for (const text of texts) {
      const alpha = scriptedAdapter('alpha', [text]);
      const { call } = testCall('alpha', { output_schema: SCHEMA });
      expect((await run(testDirectory([alpha]).directory, call)).output).toEqual({ verdict: 'approve' });
      expect(alpha.asked).toHaveLength(1);
      expect(alpha.asked[0]).toMatchObject({ schema: SCHEMA });
    }
  });

  test('one repair quotes the errors; both calls are on record', async () => {
    const alpha = scriptedAdapter('alpha', ['{"verdict":"maybe"}', '{"verdict":"comment"}']);
    const { call, spent, notes } = testCall('alpha', { output_schema: SCHEMA });
    expect((await run(testDirectory([alpha]).directory, call)).output).toEqual({ verdict: 'comment' });
    expect(alpha.asked.map((one) => one.ask)).toEqual([1, 2]);
    expect(alpha.asked[1]?.prompt).toContain(
      'verdict must be equal to one of the allowed values: ["approve","comment"]',
    );
    expect(alpha.asked[1]?.prompt).toContain('{"verdict":"maybe"}');
    expect(spent).toHaveLength(2);
    expect(notes.filter((one) => one.kind === 'note')).toHaveLength(1);
  });

  test('an answer that is never valid is agent.invalid_output after exactly one repair', async () => {
    const alpha = scriptedAdapter('alpha', ['no JSON at all']);
    const { call, spent } = testCall('alpha', { output_schema: SCHEMA });
    await expect(run(testDirectory([alpha]).directory, call)).rejects.toMatchObject({
      code: 'agent.invalid_output',
      retryable: false,
      details: { errors: ['the answer holds no JSON value'] },
    });
    expect([alpha.asked.length, spent.length]).toEqual([2, 2]);
  });

  test('without healing nothing is repaired', async () => {
    const alpha = scriptedAdapter('alpha', ['no']);
    const { directory } = testDirectory([alpha], { isHealing: false });
    await expect(run(directory, testCall('alpha', { output_schema: SCHEMA }).call)).rejects.toEqual(
      code('agent.invalid_output'),
    );
    expect(alpha.asked).toHaveLength(1);
  });

  test('what later steps use is asked for like a schema', async () => {
    const alpha = scriptedAdapter('alpha', ['{"summary":"s"}', '{"summary":"s","score":3}']);
    const properties = { summary: { type: 'string' }, score: { type: 'number' } };
    const schema = { type: 'object', properties, required: ['summary', 'score'] };
    const { call } = testCall('alpha', {}, { as: { wanted: { kind: 'object', schema } } });
    expect((await run(testDirectory([alpha]).directory, call)).output).toEqual({ summary: 's', score: 3 });
    expect(alpha.asked[0]?.prompt).toContain('Respond with valid JSON matching this schema:');
  });

  test('a schema outside the subset is refused before anybody is asked', async () => {
    const alpha = scriptedAdapter('alpha', ['{}']);
    const { call } = testCall('alpha', { output_schema: { type: 'object', allOf: [] } });
    await expect(run(testDirectory([alpha]).directory, call)).rejects.toMatchObject({
      code: 'tool.invalid_params',
      message: expect.stringContaining("'allOf' is not supported"),
    });
    expect(alpha.asked).toEqual([]);
    const found = toolOf(testDirectory([]).directory).check('analyze', { output_schema: { type: 'strin' } });
    expect(found).toMatchObject([{ severity: 'error', message: "output_schema: 'strin' is not a type" }]);
  });

  test('search gives a list of hits, whatever form the answer has', async () => {
    const hit = { title: 'A', url: 'a#L1', excerpt: 'x', score: 0.5 };
    const alpha = scriptedAdapter('alpha', [
      JSON.stringify({ results: [hit] }),
      JSON.stringify([{ title: 'B', excerpt: 'y' }]),
    ]);
    const { directory } = testDirectory([alpha]);
    const ask = async () =>
      (await run(directory, testCall('alpha', { query: 'x' }, { operation: 'search' }).call)).output;
    expect(await ask()).toEqual([hit]);
    expect(await ask()).toEqual([{ title: 'B', url: '', excerpt: 'y', score: 1 }]);
  });
});

describe('failures', () => {
  test('a failed call is on record with what it used', async () => {
    const usage = {
      inputTokens: 9,
      outputTokens: 0,
      cachedTokens: 0,
      cacheWriteTokens: 0,
      reasoningTokens: 0,
      isEstimated: false,
    };
    const error = new AppError('agent.failed', 'The model stopped.', { details: { usage } });
    const { call, spent } = testCall('alpha', {});
    await expect(run(testDirectory([scriptedAdapter('alpha', [error])]).directory, call)).rejects.toBe(error);
    expect(spent).toMatchObject([{ usage, error }]);
  });

  test('one that has spent its budget fails for the limit, and what it says of its cost is on record', async () => {
    const usage = { ...NO_USAGE, inputTokens: 9 };
    const shares = ['big', 'small'].map((model) => ({ model, usage, reportedCost: '0.2' }));
    const details = { usage, reported_cost: '0.4', shares };
    const error = new AppError('agent.budget_spent', 'It stopped.', { details });
    const full = new AppError('cost.paused', 'The limit is full.');
    const released: string[] = [];
    const held = { leftUsd: '0.3', release: () => void released.push('now'), whenSpent: () => full };
    const alpha = scriptedAdapter('alpha', [error], { kind: 'cli' });
    const { call, spent } = testCall('alpha', {}, { as: { reserve: async () => held } });
    await expect(run(testDirectory([alpha]).directory, call)).rejects.toBe(full);
    expect(spent).toMatchObject(shares.map((share) => ({ ...share, error })));
    expect(released).toEqual(['now']);
  });

  test.each([
    [false, 'cost.paused', ['0.1', '0.3']],
    [true, undefined, ['0.1', '0.3', '0.5']],
  ] as const)(
    'one that says meanwhile what it spends warns limits, and is ended at its budget unless it ends by itself: %s',
    async (takesBudget, code, heard) => {
      const said: (string | null)[] = [];
      const alpha = scriptedAdapter(
        'alpha',
        [
          ({ used, signal }) => {
            for (const reportedCost of ['0.1', '0.3', '0.5']) {
              if (signal.aborted)
                throw new AppError('run.cancelled', 'It was stopped.', { details: { usage: NO_USAGE } });
              used({ model: 'm1', usage: NO_USAGE, reportedCost });
            }
            return reply('Done.');
          },
        ],
        { kind: 'cli', takesBudget },
      );
      const whenSpent = () => new AppError('cost.paused', 'The limit is full.');
      const held = { leftUsd: '0.3', release: () => undefined, whenSpent };
      const meter: AgentCall['meter'] = ({ reportedCost }) => {
        said.push(reportedCost);
        return reportedCost;
      };
      const { call, spent } = testCall('alpha', {}, { as: { reserve: async () => held, meter } });
      const end = await run(testDirectory([alpha]).directory, call).then(
        () => undefined,
        (thrown: AppError) => thrown.code,
      );
      expect([end, said, spent.length]).toEqual([code, heard, 1]);
    },
  );

  test('an adapter that reports its calls has each on record as it ends, and none twice', async () => {
    const calls = { model: 'm2', usage: null, sentChars: 400, saidChars: 40, durationMs: 7 };
    const late = new AppError('agent.timed_out', 'Too slow.');
    const login = new AppError('agent.not_logged_in', 'Log in.');
    const alpha = scriptedAdapter(
      'alpha',
      [
        async ({ callEnded }) => {
          await callEnded({ ...calls, error: null });
          await callEnded({ ...calls, error: login });
          await callEnded({ ...calls, error: late });
          throw late;
        },
      ],
      { reportsCalls: true },
    );
    const { call, spent } = testCall('alpha', {});
    await expect(run(testDirectory([alpha]).directory, call)).rejects.toBe(late);
    const used = { model: 'm2', usage: { inputTokens: 100, outputTokens: 10, isEstimated: true }, durationMs: 7 };
    expect(spent).toMatchObject([
      { ...used, error: null },
      { ...used, error: late },
    ]);
    expect(spent).toHaveLength(2);
  });

  test('a timeout counts the question that was read, a refused login counts nothing', async () => {
    const late = new AppError('agent.timed_out', 'Too slow.');
    const first = testCall('alpha', { task: 'x'.repeat(400) });
    await expect(run(testDirectory([scriptedAdapter('alpha', [late])]).directory, first.call)).rejects.toBe(late);
    expect(first.spent[0]?.usage).toMatchObject({ isEstimated: true, outputTokens: 0 });
    expect(first.spent[0]?.usage.inputTokens).toBeGreaterThan(100);
    const login = new AppError('agent.not_logged_in', 'Log in.');
    const second = testCall('alpha', {});
    await expect(run(testDirectory([scriptedAdapter('alpha', [login])]).directory, second.call)).rejects.toBe(login);
    expect(second.spent).toEqual([]);
  });

  test('an agent that nobody has, or that is only listed, is not found', async () => {
    const { directory } = testDirectory([scriptedAdapter('alpha', ['x'])]);
    await expect(run(directory, testCall('alpa', {}).call)).rejects.toMatchObject({
      code: 'agent.not_found',
      hint: "Did you mean 'alpha'?",
    });
    await expect(run(directory, testCall('codex', {}).call)).rejects.toMatchObject({
      code: 'agent.not_found',
      hint: expect.stringContaining('profiles/codex.yaml'),
    });
  });

  test('a sick agent is not asked; one whose breaker is open neither', async () => {
    const sick = scriptedAdapter('alpha', ['x'], {
      probe: () => Promise.reject(new AppError('agent.not_logged_in', 'Log in.')),
    });
    const { directory } = testDirectory([sick]);
    await expect(run(directory, testCall('alpha', {}).call)).rejects.toEqual(code('agent.not_logged_in'));
    for (let count = 0; count < 3; count += 1) directory.countFailure('alpha');
    await expect(run(directory, testCall('alpha', {}).call)).rejects.toEqual(code('agent.breaker_open'));
    expect(sick.asked).toEqual([]);
    expect((await directory.info('alpha')).runningSteps).toBe(0);
  });

  test('after a lost connection the next use asks for the health anew', async () => {
    const alpha = scriptedAdapter('alpha', [new AppError('agent.connection_lost', 'Gone.'), 'back']);
    const { directory } = testDirectory([alpha]);
    await expect(run(directory, testCall('alpha', {}).call)).rejects.toEqual(code('agent.connection_lost'));
    await run(directory, testCall('alpha', {}).call);
    await run(directory, testCall('alpha', {}).call);
    expect(alpha.probes).toBe(2);
  });
});

describe('permissions', () => {
  test('a limit that the agent cannot hold is an error, with best_effort a warning', async () => {
    const alpha = scriptedAdapter('alpha', ['x']);
    const { directory } = testDirectory([alpha]);
    const strict = testCall('alpha', {}, { as: { permissions: { write: [], hosts: [] } } });
    await expect(run(directory, strict.call)).rejects.toMatchObject({
      code: 'agent.permission_unenforceable',
      message: 'The agent alpha cannot hold the limit of permissions: write.',
    });
    const soft = testCall('alpha', {}, { as: { permissions: { write: [], enforce: 'best_effort' } } });
    expect((await run(directory, soft.call)).warnings).toMatchObject([{ code: 'agent.permission_unenforceable' }]);
  });
});

describe('recovering', () => {
  const call = testCall('alpha', { output_schema: SCHEMA });
  const recover = (answers: readonly (string | null)[]) => {
    const alpha = scriptedAdapter('alpha', ['never'], {
      recover: async ({ ask }) => {
        const text = answers[ask - 1] ?? null;
        return text === null ? null : reply(text);
      },
    });
    return toolOf(testDirectory([alpha]).directory).recover?.(call.call);
  };

  test.each([
    [[null], { kind: 'unknown' }],
    [['{"verdict":"approve"}'], { kind: 'completed', result: { output: { verdict: 'approve' } } }],
    [['bad', '{"verdict":"comment"}'], { kind: 'completed', result: { output: { verdict: 'comment' } } }],
    [['bad', null], { kind: 'failed', error: { code: 'agent.invalid_output' } }],
  ] as const)('answers %j', async (answers, expected) => {
    expect(await recover(answers)).toMatchObject(expected);
  });

  test('an agent that keeps nothing is unknown', async () => {
    const tool = toolOf(testDirectory([scriptedAdapter('alpha', ['x'])]).directory);
    expect(await tool.recover?.(call.call)).toEqual({ kind: 'unknown' });
  });
});

describe('the demo agent as a step', () => {
  test('it meets the schema, costs nothing, and every line says demo', async () => {
    const { directory } = testDirectory([createDemoAdapter()], { settings: { primary: 'demo' } });
    const findings = [{ rule: 'no-eval', file: 'a.js', line: 3, severity: 'high', message: 'eval' }];
    const { call, spent, logged } = testCall('demo', {
      task: 'Review it',
      data: { diff: '+eval(x)', findings },
      output_schema: { ...SCHEMA, properties: { ...(SCHEMA.properties as JsonMap), summary: { type: 'string' } } },
    });
    const { output } = await run(directory, call);
    expect(output).toMatchObject({ verdict: 'comment', issues: findings, summary: expect.stringContaining('demo') });
    expect(spent).toMatchObject([{ model: 'demo', reportedCost: '0' }]);
    expect(logged).toEqual([expect.stringContaining('demo')]);
  });

  test('search answers with what was found in the files of the project', async () => {
    await writeFile(join(projectPath, 'runbook.md'), '# Database\nRestart the database pool when latency rises.\n');
    const { directory } = testDirectory([createDemoAdapter()]);
    const { call } = testCall(
      'demo',
      { query: 'database latency', sources: [{ type: 'file' }] },
      { operation: 'search' },
    );
    const { output } = await run(directory, call);
    expect(output).toMatchObject([{ title: 'runbook.md', url: 'runbook.md#L2', score: 1 }]);
  });
});
