import { describe, expect, it } from 'vitest';
import { OPERATIONS } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import type { Actor } from '../../shared/model/run.ts';
import type { ToolDetail } from '../../shared/model/tool.ts';
import { type ToolAccess, toolHandlers } from './tool-operations.ts';

const ACTOR: Actor = { kind: 'user', id: 'ada', door: 'cli' };
const DETAIL = { name: 'desk' } as ToolDetail;

/** A registry that writes down what it is asked. */
function recorder(): { readonly registry: ToolAccess; readonly asked: unknown[] } {
  const asked: unknown[] = [];
  const note = <T>(answer: T, ...call: readonly unknown[]): Promise<T> => {
    asked.push(call);
    return Promise.resolve(answer);
  };
  return {
    asked,
    registry: {
      list: () => note({ tools: [], hasRegistry: true, problems: ['a'] }, 'list'),
      show: (tool) => note(DETAIL, 'show', tool),
      refresh: (tool, accept) => note(DETAIL, 'refresh', tool, accept),
      call: (tool, operation, params, { signal }) =>
        note({ output: 1, durationMs: 2, warnings: [], log: [] }, 'call', tool, operation, params, signal.aborted),
      test: (tool) => note({ ok: true, checks: [] }, 'test', tool),
      stopServer: (tool) => note(undefined, 'stop', tool),
    },
  };
}

describe('toolHandlers', () => {
  it('answers every operation of the contract from the registry', async () => {
    const { registry, asked } = recorder();
    const handlers = toolHandlers({ registry });
    expect(Object.keys(handlers).sort()).toEqual(
      Object.keys(OPERATIONS)
        .filter((name) => name.startsWith('tools.'))
        .sort(),
    );
    expect(await handlers['tools.list']({}, ACTOR, new Set())).toMatchObject({ problems: ['a'] });
    expect(await handlers['tools.show']({ tool: 'desk' }, ACTOR, new Set())).toBe(DETAIL);
    await handlers['tools.refresh']({ tool: 'desk' }, ACTOR, new Set());
    await handlers['tools.refresh']({ tool: 'desk', accept: 'hash' }, ACTOR, new Set());
    const call = { tool: 'desk', operation: 'add', params: { a: 1 } };
    expect(await handlers['tools.call'](call, ACTOR, new Set())).toMatchObject({ output: 1 });
    expect(await handlers['tools.test']({ tool: 'desk' }, ACTOR, new Set())).toEqual({ ok: true, checks: [] });
    expect(await handlers['tools.stopServer']({ tool: 'desk' }, ACTOR, new Set())).toBe(null);
    expect(asked).toEqual([
      ['list'],
      ['show', 'desk'],
      ['refresh', 'desk', undefined],
      ['refresh', 'desk', 'hash'],
      ['call', 'desk', 'add', { a: 1 }, false],
      ['test', 'desk'],
      ['stop', 'desk'],
    ]);
  });

  it('hands errors on as they are', async () => {
    const error = new AppError('tool.not_found', 'Tool not found: x');
    const handlers = toolHandlers({ registry: { ...recorder().registry, show: () => Promise.reject(error) } });
    await expect(handlers['tools.show']({ tool: 'x' }, ACTOR, new Set())).rejects.toBe(error);
  });
});
