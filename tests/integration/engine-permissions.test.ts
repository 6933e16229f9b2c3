import { describe, expect, it } from 'vitest';
import { createCatalog, type Tool } from '../../src/core/tools/index.ts';
import { childEnvironment } from '../../src/core/tools/script/child-environment.ts';
import { checkActions, readWorkflow } from '../../src/core/workflow/index.ts';
import { opened } from '../support/block-runs.ts';
import { inProcessTool, openHarness, workflowText } from '../support/engine-harness.ts';

function world(more: Partial<Tool> = {}) {
  const seen: unknown[] = [];
  const plain = inProcessTool('c', {
    ask: ({ permissions }) => {
      seen.push(permissions ?? null);
      return 'ok';
    },
  });
  const tool: Tool = { ...plain, ...more };
  const one = openHarness({ tools: [tool] });
  opened.push(one);
  return { one, seen, tool };
}

const text = (permissions: string): string =>
  workflowText([['id: ask', 'action: c.ask', `permissions: ${permissions}`]]);

describe('permissions of a tool step (SPEC §1.5)', () => {
  it('a limit that the tool cannot hold is an error before anything is done', async () => {
    const { one, seen } = world({ limits: () => ['hosts'] });
    const state = await one.run(text('{hosts: [a.example], write: [out]}'));
    expect(state.steps.get('ask')?.error).toMatchObject({
      code: 'tool.permission_unenforceable',
      message: 'The tool c cannot hold the limit of permissions: write.',
    });
    expect(seen).toEqual([]);
  });

  it('with enforce: best_effort it is a warning', async () => {
    const { one, seen } = world();
    const state = await one.run(text('{write: [out], enforce: best_effort}'));
    expect(state.status).toBe('completed');
    expect(state.steps.get('ask')?.warnings.map(({ code }) => code)).toEqual(['tool.permission_unenforceable']);
    expect(seen).toEqual([{ write: ['out'], enforce: 'best_effort' }]);
  });

  it('a limit that it holds reaches the tool', async () => {
    const { one, seen } = world({ limits: () => ['hosts'] });
    expect((await one.run(text('{hosts: [a.example]}'))).status).toBe('completed');
    expect(seen).toEqual([{ hosts: ['a.example'] }]);
  });

  it.each([
    ['{write: [out]}', 'error'],
    ['{write: [out], enforce: best_effort}', 'warning'],
  ])('validate says it too, with its place: %s', (permissions, severity) => {
    const { tool } = world();
    const { workflow } = readWorkflow(text(permissions), { file: 'w.md' });
    expect(checkActions(workflow, createCatalog([tool]), 'w.md')).toMatchObject([
      { severity, code: 'tool.permission_unenforceable', line: 13, step: 'ask', fix: expect.any(String) },
    ]);
  });

  it('a script gets no variables but those that env names', () => {
    const call = { operation: 'run', runId: 'r', stepId: 's', stepKey: 'k', runDir: '/r' };
    const tool = { name: 't', env: { OWN: '1' }, passEnv: ['A', 'B'] };
    const request = { tool, bundleEnv: { C: 'c', D: 'd' }, secrets: {}, call, readsStdin: false };
    const env = childEnvironment({ ...request, only: ['A', 'C'] }, { A: 'a', B: 'b' });
    expect([env.A, env.B, env.C, env.D, env.OWN]).toEqual(['a', undefined, 'c', undefined, '1']);
    expect(childEnvironment({ ...request, only: null }, { A: 'a', B: 'b' })).toMatchObject({ B: 'b', D: 'd' });
  });
});
