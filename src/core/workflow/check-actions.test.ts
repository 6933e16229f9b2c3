import { describe, expect, it } from 'vitest';
import type { Tool, ToolCatalog } from '../tool-port/index.ts';
import { checkActions } from './check-actions.ts';
import { frontmatter, read, step, steps } from './reading.test-support.ts';
import { requiredTools } from './required-tools.ts';

/** A catalog of tools whose parameter check wants `id`. */
function catalogOf(tools: Readonly<Record<string, readonly string[]>>): ToolCatalog {
  const made = new Map<string, Tool>();
  for (const [name, operations] of Object.entries(tools)) {
    made.set(name, {
      name,
      category: 'script',
      operations,
      traits: () => ({ effect: 'pure', repeatable: true, timeoutMs: 1 }),
      check: (operation, inputs) =>
        operation === 'get' && !('id' in inputs)
          ? [{ severity: 'error', code: 'tool.invalid_params', message: `${name}.get needs id` }]
          : [],
      execute: () => ({ output: null }),
    });
  }
  return { get: (name) => made.get(name), names: () => [...made.keys()] };
}

const CATALOG = catalogOf({ shop: ['get', 'buy'], slack: ['send'], teams: ['send'] });
const check = (text: string) =>
  checkActions(read(text).workflow, CATALOG, 'w.md').map(({ line, severity, message, fix, step: id }) => [
    line,
    severity,
    message,
    fix,
    id,
  ]);

describe('checkActions (SPEC §1.10)', () => {
  it('finds tools, operations and parameters', () => {
    expect(
      check(
        steps(
          'action: shop.get\ninputs: {id: 1}',
          'action: shop.get',
          'action: shop.sell',
          'action: shp.get',
          'action: ab c.d',
        ),
      ),
    ).toEqual([
      [9, 'error', 'shop.get needs id', undefined, 'step_2'],
      [14, 'error', "Tool 'shop' has no operation 'sell'", undefined, 'step_3'],
      [19, 'warning', 'Required tool not available: shp', "Did you mean 'shop'?", 'step_4'],
      [
        24,
        'error',
        "'ab c.d' is not an action of the form tool.operation",
        'Write for example slack.send_message.',
        'step_5',
      ],
    ]);
  });

  it('agent and workflow need no tool, but their operations exist', () => {
    expect(
      check(steps('action: agent.run', 'action: workflow.noop', 'action: agent.think', 'action: workflow.set_output')),
    ).toEqual([
      [13, 'error', 'Unknown agent operation: think', undefined, 'step_3'],
      [18, 'error', 'Unknown built-in operation: workflow.set_output', "Did you mean 'set_outputs'?", 'step_4'],
    ]);
  });

  it('warns of tools that are only listed', () => {
    expect(
      check(
        frontmatter('requirements: {tools: [jira, shop, nope, agent]}', steps('action: shop.buy', 'action: nope.x')),
      ),
    ).toEqual([
      [undefined, 'warning', 'Required tool not available: jira', undefined, undefined],
      [11, 'warning', 'Required tool not available: nope', undefined, 'step_2'],
    ]);
  });

  it('expands templated names over enum or default', () => {
    const text = (input: string, action = '"{{ inputs.t }}.send"'): string =>
      `---\ninputs: {t: ${input}}\n---\n${step(`action: ${action}`)}`;
    expect(check(text('{enum: [slack, teams]}'))).toEqual([]);
    expect(check(text('{enum: [slack, irc]}'))).toEqual([
      [6, 'warning', 'Required tool not available: irc', undefined, 'step_1'],
    ]);
    expect(check(text('slack', '"{inputs.t}.send"'))).toEqual([]);
    expect(check(text('SLACK', '"{{ inputs.t | lower }}.send"'))).toEqual([]);
    expect(check(text('{type: string}')).map((one) => one[2])).toEqual([
      "The tool of '{{ inputs.t }}.send' is only known when the step runs",
    ]);
  });

  it('looks at nested steps, fallbacks and compensation', () => {
    const text = step(
      'if: true\nthen:\n  - action: shop.buy\n    fallback: {on_failure: mail.send}\n    compensate: [{action: shop.undo}]',
    );
    expect(check(text).map((one) => one[2])).toEqual([
      'Required tool not available: mail',
      "Tool 'shop' has no operation 'undo'",
    ]);
  });
});

describe('requiredTools (SPEC §1.10)', () => {
  it('lists requirements and steps, sorted, without agent and workflow', () => {
    const body = steps(
      'action: zed',
      'action: agent.run',
      'action: workflow.noop',
      'for_each: [1]\naction: bee.x\nfallback: {on_failure: ant.y}',
      'action: "{{ inputs.a }}.x"',
      'action: "{{ inputs.b }}.x"',
    );
    const { workflow } = read(
      frontmatter('requirements: {tools: [mid, agent]}\ninputs: {a: {enum: [p, q]}, b: {}}', body),
    );
    expect(requiredTools(workflow)).toEqual({
      tools: ['ant', 'bee', 'mid', 'p', 'q', 'zed'],
      dynamic: ['{{ inputs.b }}.x'],
    });
  });
});
