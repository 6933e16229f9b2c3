import { expect, it } from 'vitest';
import { YAML_LIMITS, YamlMemory } from '../yaml/index.ts';
import { readWorkflow } from './read-workflow.ts';

const BLOCK = [
  'id: one',
  'action: shop.buy',
  'inputs: {what: "{{ inputs.what }}"}',
  'timeot: 30s',
  'when: [a, b',
  'x: &a {}',
];
const flow = (block: string): string =>
  `---\nworkflow: {id: w}\ninputs: {what: {type: string}}\n---\n${[1, 2, 3]
    .map(
      (at) => `## Step ${at}: Part ${at}\n\`\`\`yaml\n${at === 2 ? block : 'action: shop.list\ntimeout: 5s'}\n\`\`\`\n`,
    )
    .join('\n')}`;

it('a text that is typed letter by letter is read the same whether or not what stays is kept', () => {
  const memory = new YamlMemory();
  const typed = BLOCK.join('\n');
  for (let letters = 0; letters <= typed.length; letters += 1) {
    const text = flow(typed.slice(0, letters));
    expect(readWorkflow(text, { file: 'w.md', memory })).toEqual(readWorkflow(text, { file: 'w.md' }));
  }
});

it('what is kept costs the same tokens of a file as what is parsed', () => {
  const memory = new YamlMemory();
  const large = `a: [${'1, '.repeat(YAML_LIMITS.tokens / 3)}1]`;
  const text = flow(large);
  const whole = readWorkflow(text, { file: 'w.md' }).diagnostics;
  for (let again = 0; again < 3; again += 1)
    expect(readWorkflow(text, { file: 'w.md', memory }).diagnostics).toEqual(whole);
});
