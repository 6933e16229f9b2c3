import { describe, expect, it } from 'vitest';
import { read } from './reading.test-support.ts';
import { requiredTools } from './required-tools.ts';
import { sanitizeId } from './scaffold-id.ts';
import { templateWorkflow } from './templates.ts';

describe('templateWorkflow (SPEC §13)', () => {
  it.each([
    ['basic', 300_000, 'stop', 1, []],
    ['multi-step', 600_000, 'continue', 3, []],
    ['with-tools', 300_000, 'stop', 2, ['jira', 'slack']],
  ] as const)('%s validates', (template, timeoutMs, errorHandling, count, tools) => {
    for (const name of ['My New_Flow', 'a "quoted": \\ name', '--- # {{ x }}', '', '😀']) {
      const { workflow, diagnostics } = read(templateWorkflow(name, template));
      expect(diagnostics).toEqual([]);
      expect(workflow).toMatchObject({
        execution: { timeoutMs, errorHandling },
        requirements: { features: [{ name: 'tool_calling', level: 'required' }] },
      });
      expect(workflow.steps).toHaveLength(count);
      expect(requiredTools(workflow).tools).toEqual(tools);
    }
  });

  it('names the workflow', () => {
    expect(read(templateWorkflow('My New_Flow', 'basic')).workflow).toMatchObject({
      id: 'my-new-flow',
      name: 'My New_Flow',
      agents: [
        { name: 'opencode', status: 'recommended' },
        { name: 'claude-code', status: 'supported' },
      ],
    });
  });
});

describe('sanitizeId (SPEC §1.1)', () => {
  it.each([
    ['My Flow', 'my-flow'],
    ['a_b c', 'a-b-c'],
    ['../../etc', 'etc'],
    ['Ünï/x', '-n--x'.replace(/^-/, '')],
    ['', 'workflow'],
  ])('%j is %s', (name, id) => {
    expect(sanitizeId(name)).toBe(id);
  });
});
