import { describe, expect, it } from 'vitest';
import { workflowChanges } from '../../shared/workflow-changes.ts';
import { writtenParts } from './written-parts.ts';

const step = (number: number, name: string, ...lines: readonly string[]): string =>
  `## Step ${number}: ${name}\nDoes it.\n\n\`\`\`yaml\n${lines.join('\n')}\n\`\`\`\n`;
const flow = (front: string, ...steps: readonly string[]): string => `---\n${front}\n---\n${steps.join('\n')}`;
const HEAD = 'workflow: {id: w, name: W, version: 1.0}';

/** `step 2 timeout: 30s → 60s`. */
const said = (before: string, after: string): readonly string[] =>
  workflowChanges(writtenParts(before), writtenParts(after)).map(
    ({ is, step: of, key, before: old, after: now }) =>
      `${of === null ? 'head' : `${of.number} ${of.name}`} ${is} ${key}: ${JSON.stringify(old)} → ${JSON.stringify(now)}`,
  );

const A = step(1, 'Read', 'action: shop.list', 'timeout: 30s');
const B = step(2, 'Buy', 'action: shop.buy', 'inputs: {what: pen, many: 1}');

describe('what changed between two versions', () => {
  it('is nothing where nothing but the layout did', () => {
    expect(said(flow(HEAD, A, B), flow(HEAD, A.replace('timeout: 30s', 'timeout:   30s # soon'), `${B}\n`))).toEqual(
      [],
    );
  });

  it('is said key by key, as it is spelled', () => {
    const after = flow(
      'workflow: {id: w, name: W, version: 1.10}\ntags: [a]',
      A.replace('30s', '60s').replace('Does it.', 'Does it well.'),
      B.replace('many: 1', 'colour: red'),
    );
    expect(said(flow(HEAD, A, B), after)).toEqual([
      'head changed workflow.version: "1.0" → "1.10"',
      'head added tags: null → ["a"]',
      '1 Read changed description: "Does it." → "Does it well."',
      '1 Read changed timeout: "30s" → "60s"',
      '2 Buy added inputs.colour: null → "red"',
      '2 Buy removed inputs.many: "1" → null',
    ]);
  });

  it('knows a step again that has another number, and names what came and went', () => {
    const added = step(1, 'Ask', 'action: workflow.noop');
    const moved = flow(HEAD, added, A.replace('Step 1', 'Step 2'), B.replace('Step 2', 'Step 3'));
    expect(said(flow(HEAD, A, B), moved)).toEqual(['1 Ask added : null → "Ask"']);
    expect(said(moved, flow(HEAD, A, B))).toEqual(['1 Ask removed : "Ask" → null']);
    const swapped = flow(HEAD, B.replace('Step 2', 'Step 1'), A.replace('Step 1', 'Step 2'));
    expect(said(flow(HEAD, A, B), swapped)).toHaveLength(1);
    expect(said(flow(HEAD, A, B), swapped)[0]).toMatch(/moved/);
  });

  it('sees a step that was renamed and keeps its id, and steps inside of steps by theirs', () => {
    const loop = (timeout: string): string =>
      step(1, 'Each', 'for_each: goods', 'steps:', '  - id: read', '    action: shop.list', `    timeout: ${timeout}`);
    expect(said(flow(HEAD, loop('1s')), flow(HEAD, loop('2s')))).toEqual([
      '1 Each changed steps[read].timeout: "1s" → "2s"',
    ]);
    expect(said(flow(HEAD, A), flow(HEAD, A.replace('Read', 'Look')))).toEqual([
      '1 Look changed name: "Read" → "Look"',
    ]);
  });

  it('throws on no text', () => {
    expect(said('', '---\n: [\n---\n## Step 1: A\n```yaml\n{{{\n```')).toBeDefined();
  });
});
