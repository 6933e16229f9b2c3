import { describe, expect, it } from 'vitest';
import { rankImplementations } from './rank-implementations.ts';

type One = Parameters<typeof rankImplementations>[0][number];
const one = (type: One['type'], priority = 1, agentCompatibility: One['agentCompatibility'] = {}): One => ({
  ...{ type, priority, agentCompatibility },
});
const TYPES = ['mcp', 'openapi', 'custom'];

describe('rankImplementations', () => {
  it('drops what the agent cannot use; a missing agent counts as supported', () => {
    const all = [
      one('mcp', 1, { a: 'none' }),
      one('openapi', 1, { a: 'not_supported' }),
      one('custom', 1, { b: 'none' }),
    ];
    expect(rankImplementations(all, TYPES, 'a')).toEqual([all[2]]);
    expect(rankImplementations(all, TYPES, 'toString')).toEqual(all);
    expect(rankImplementations(all, TYPES)).toEqual(all);
  });

  it('sorts by priority first, then by how well the agent can use it', () => {
    const all = [
      one('mcp', 2, { a: 'native' }),
      one('openapi', 1, { a: 'via_bridge' }),
      one('custom', 1, { a: 'supported' }),
      one('script', 1, { a: 'native' }),
    ];
    expect(rankImplementations(all, TYPES, 'a')).toEqual([all[3], all[2], all[1], all[0]]);
  });

  it('breaks ties by the priority of types, then by file order; unlisted types come last', () => {
    const all = [one('script'), one('custom'), one('mcp'), one('openapi'), one('mcp', 1, { b: 'native' })];
    expect(rankImplementations(all, TYPES)).toEqual([all[2], all[4], all[3], all[1], all[0]]);
    expect(rankImplementations(all, ['custom'])).toEqual([all[1], all[0], all[2], all[3], all[4]]);
    expect(rankImplementations(all, [])).toEqual(all);
  });
});
