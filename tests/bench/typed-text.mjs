/** A workflow of 2,000 lines in the middle of which somebody has typed so many letters. */
const LINES = 2000;

const step = (at) =>
  [
    `## Step ${at}: Part ${at}`,
    'What this step is for, in a sentence of its own.',
    '',
    '```yaml',
    'action: workflow.set',
    `inputs: {total_${at}: "{{ inputs.limit }} of ${at}"}`,
    `output_variable: part_${at}`,
    'timeout: 30s',
    `if: inputs.limit > ${at}`,
    '```',
    '',
  ].join('\n');
const head = '---\nworkflow: {id: typed, name: Typed}\ninputs:\n  limit: {type: integer, default: 10}\n---\n';
const steps = Array.from({ length: Math.floor(LINES / 11) }, (_, at) => step(at + 1));
const place = Math.floor(steps.length / 2);
const typed = 'description: what somebody writes here, letter after letter, while the problems are looked for\n';
export const textOf = (count) => {
  const written = steps[place].replace('timeout: 30s', `timeout: 30s\n${typed.repeat(9).slice(0, count)}`);
  return head + steps.with(place, written).join('\n');
};
