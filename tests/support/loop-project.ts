import type { JsonMap } from '../../src/shared/json.ts';
import type { GatedProject } from './gated-project.ts';

/** Items of the long loop. */
export const ITEMS = 10_000;
/** Those that fail, counted from 1 as on the screen. */
export const FAILING: readonly number[] = [2_500, 5_000, 9_999];

/** What `long` is started with: letters with a name and a number. */
export const letters = (count = ITEMS): JsonMap => ({
  letters: Array.from({ length: count }, (_, at) => ({ name: `Letter to customer ${at + 1}`, number: at + 1 })),
});

const failing = (numbers: readonly number[]): string =>
  `"{{ 'workflow.fail' if one.number in [${numbers.join(', ')}] else 'workflow.noop' }}"`;

/**
 * `long`: a loop over its letters in which three fail and are left out. `nested`: each kind of block, a folded loop of 40 in which two
 * fail, and at its end a step that works until its gate is open. `slow`: a loop whose items work until the gate of `work` is open.
 */
export function addLoops(project: GatedProject): void {
  const frontmatter = ['inputs:', '  letters: {type: array, required: true}'];
  project.addBundle('long', {
    name: 'Send letters',
    frontmatter,
    steps: [
      [
        'id: each',
        'name: Each letter',
        'for_each: inputs.letters',
        'as: one',
        'concurrency: 8',
        'on_item_error: continue',
        'steps:',
        `  - {id: send, name: Send the letter, action: ${failing(FAILING)}, inputs: {message: "No address"}}`,
      ],
      ['id: report', 'name: Report', 'action: workflow.noop'],
    ],
  });
  project.addBundle('slow', {
    name: 'Send letters slowly',
    frontmatter,
    steps: [
      [
        'id: each',
        'name: Each letter',
        'for_each: inputs.letters',
        'as: one',
        'concurrency: 2',
        'steps:',
        '  - {id: work, name: Write the letter, action: work.run}',
      ],
    ],
  });
  project.addBundle('waits', {
    name: 'Weekly order',
    steps: [
      ['id: look', 'name: Look at the stock', 'action: workflow.noop'],
      ['id: wait', 'name: Wait for the prices', 'wait: {for: 2s}'],
      ['id: order', 'name: Order', 'action: work.run'],
      ['id: thank', 'name: Thank the supplier', 'action: workflow.noop'],
    ],
  });
  project.addBundle('nested', {
    name: 'Month end',
    frontmatter,
    steps: [
      ['id: read', 'name: Read the ledger', 'action: workflow.set', 'inputs: {total: 5}'],
      [
        'id: each',
        'name: Each letter',
        'for_each: inputs.letters',
        'as: one',
        'concurrency: 4',
        'on_item_error: continue',
        'steps:',
        '  - id: large',
        '    name: Is it large?',
        '    if: "{{ one.number > 20 }}"',
        '    then:',
        '      - {id: ask, name: Ask for a signature, action: workflow.noop}',
        '    else:',
        '      - {id: stamp, name: Stamp it, action: workflow.noop}',
        `  - {id: send, name: Send the letter, action: ${failing([7, 31])}, inputs: {message: "No address"}}`,
      ],
      [
        'id: both',
        'name: Check both books',
        'parallel:',
        '  sales:',
        '    - {id: sales, name: Check the sales, action: workflow.sleep, inputs: {duration: 2s}}',
        '    - {id: taxes, name: Check the taxes, action: workflow.noop}',
        '  stock:',
        '    - {id: stock, name: Count the stock, action: workflow.noop}',
      ],
      [
        'id: which',
        'name: How much is it?',
        'switch: "{{ total }}"',
        'cases:',
        '  - when: [1, 2]',
        '    steps:',
        '      - {id: little, name: File it, action: workflow.noop}',
        '  - when: [5]',
        '    steps:',
        '      - {id: much, name: Tell the office, action: workflow.noop}',
      ],
      [
        'id: careful',
        'name: Book it',
        'try:',
        '  - {id: book, name: Book the total, action: workflow.fail, inputs: {message: The ledger is closed}}',
        'catch:',
        '  - {id: note, name: Note it for tomorrow, action: workflow.noop}',
        'finally:',
        '  - {id: close, name: Close the ledger, action: workflow.noop}',
      ],
      ['id: step_6', 'name: Print the papers', 'action: work.run'],
    ],
  });
}
