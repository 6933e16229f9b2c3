import { describe, expect, it } from 'vitest';
import type { JsonMap } from '../../../shared/json.ts';
import { claudeArgs } from './claude-code/claude-args.ts';
import { stepLimits } from './step-limits.ts';

const argsFor = (permissions: JsonMap | null, schema: JsonMap | null = null): readonly string[] =>
  claudeArgs({
    request: { model: null, maxBudgetUsd: null, schema },
    limits: stepLimits(permissions),
    mcpConfig: null,
    mcpTools: [],
  });

/** The values of an option that takes a list. */
function listAfter(args: readonly string[], option: string): readonly string[] {
  const at = args.indexOf(option);
  if (at === -1) return [];
  const rest = args.slice(at + 1);
  const end = rest.findIndex((arg) => arg.startsWith('--'));
  return end === -1 ? rest : rest.slice(0, end);
}

describe('stepLimits', () => {
  it('reads and nothing else where nothing is written', () => {
    expect(listAfter(argsFor(null), '--tools')).toEqual(['Read', 'Glob', 'Grep']);
    expect(listAfter(argsFor({}), '--allowedTools')).toEqual(['Read', 'Glob', 'Grep']);
  });

  it('gives no tool at all where nothing may be read', () => {
    expect(listAfter(argsFor({ read: [] }), '--tools')).toEqual(['']);
    expect(listAfter(argsFor({ read: [] }), '--allowedTools')).toEqual([]);
  });

  it('turns grants into rules', () => {
    const args = argsFor({ write: ['out/**', './a.md'], commands: ['git status', 'npm'], hosts: ['example.org'] });
    expect(listAfter(args, '--tools')).toEqual(['Read', 'Glob', 'Grep', 'Edit', 'Write', 'Bash', 'WebFetch']);
    expect(listAfter(args, '--allowedTools').slice(3)).toEqual([
      'Edit(/out/**)',
      'Edit(/a.md)',
      'Bash(git status:*)',
      'Bash(npm:*)',
      'WebFetch(domain:example.org)',
    ]);
  });

  it.each([
    { write: ['../x'] },
    { write: ['/etc/**'] },
    { write: ['~/x'] },
    { write: ['a)', 'b'] },
    { read: ['a,Bash'] },
    { commands: ['x), Bash(rm'] },
    { commands: ['-rf'] },
    { commands: [''] },
    { commands: [{ a: 1 }] },
    { hosts: ['a b'] },
    { hosts: ['x) Bash'] },
  ])('refuses a rule that would say something else: %j', (permissions) => {
    expect(() => stepLimits(permissions)).toThrow(
      expect.objectContaining({ code: 'agent.permission_unenforceable', hint: expect.any(String) }),
    );
  });

  it('asks natively for objects alone, and only of a size that an argument can have', () => {
    expect(argsFor(null, { type: 'object' })).toContain('--json-schema');
    expect(argsFor(null, { type: 'array' })).not.toContain('--json-schema');
    expect(argsFor(null, { type: 'object', description: 'x'.repeat(70_000) })).not.toContain('--json-schema');
  });
});
