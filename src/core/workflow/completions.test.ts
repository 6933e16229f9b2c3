import { describe, expect, it } from 'vitest';
import { completionsAt } from './completions.ts';
import { readWorkflow } from './read-workflow.ts';

/** What is offered where `|` stands. */
function offered(text: string) {
  const lines = text.slice(0, text.indexOf('|')).split('\n');
  const place = { line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
  return completionsAt(text.replace('|', ''), place, (marked) => readWorkflow(marked, { file: 'w.md' }));
}
const step = (...lines: readonly string[]): string =>
  ['---', 'workflow: {id: w, name: W}', 'inputs:', '  limit: {type: integer}', '---', '## Step 1: First', '```yaml']
    .concat(['action: shop.list', 'output_variable: goods', '```', '## Step 2: Second', '```yaml', ...lines, '```', ''])
    .join('\n');

describe('completionsAt', () => {
  it('offers the keys of a step, but no values where only a key can stand', () => {
    const found = offered(step('action: shop.buy', 'tim|'));
    expect(found.keys).toEqual(expect.arrayContaining(['timeout', 'retry', 'output_variable']));
    expect(found).toMatchObject({ from: 1, values: [] });
  });
  it('offers the keys of a map inside, and of the frontmatter', () => {
    expect(offered(step('action: shop.buy', 'retry:', '  m|')).keys).toContain('max_retries');
    expect(offered('---\nworkflow:\n  id: w\n  ta|\n---\n').keys).toEqual(expect.arrayContaining(['tags', 'version']));
    expect(offered('---\nworkflow: {id: w}\nin|\n---\n').keys).toContain('inputs');
  });
  it('offers the words of a key', () => {
    expect(offered(step('action: shop.buy', 'format: |')).values).toEqual(['markdown', 'json', 'text']);
  });
  it('offers variables and inputs, also in a template that is not closed yet', () => {
    expect(offered(step('action: shop.buy', 'inputs: {what: "{{ go| }}"}')).values).toContain('goods');
    expect(offered(step('action: shop.buy', 'inputs:', '  what: "{{ g|')).values).toContain('goods');
    expect(offered(step('action: shop.buy', 'inputs:', '  what: "{{ inputs.|')).values).toEqual(['limit']);
    expect(offered(step('action: shop.buy', 'if: go| > 3')).values).toContain('goods');
  });
  it('offers filters', () => {
    expect(
      offered(step('action: shop.buy', 'inputs:', '  what: "{{ goods | upp~"').replace('~', '|')).values,
    ).toBeDefined();
  });
  it('offers nothing in prose', () => {
    expect(offered('---\nworkflow: {id: w}\n---\nWords of a per|son.\n')).toMatchObject({ keys: [], values: [] });
  });
});
