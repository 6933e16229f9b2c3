import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { LocalProject } from '../support/local-project.ts';

/** `runs retry --from` a step inside of blocks (SPEC §3.9): what completed before it there is not done again. */

const project = new LocalProject();
const trace = join(project.root, 'trace');
const done = (): readonly string[] => readFileSync(trace, 'utf8').trim().split('\n');

beforeAll(() => {
  project.write(
    '.aiworkflow/bundles/orders/tools/send.sh',
    `#!/usr/bin/env bash
for one in "$@"; do case $one in --what=*) what="\${one#*=}" ;; --item=*) item="\${one#*=}" ;; esac; done
echo "$what $item" >> "${trace}"
[ "$what $item" = "book c" ] && [ ! -e "${trace}.mended" ] && exit 3
echo "{\\"sent\\": \\"$what-$item\\"}"
`,
  );
  project.write(
    '.aiworkflow/bundles/orders/workflow.md',
    `---
workflow: {id: orders, name: Orders}
inputs:
  - {name: items, type: array, default: [a, b, c, d]}
---

## Step 1: Each

\`\`\`yaml
id: each
for_each: "{{ inputs.items }}"
as: item
steps:
  - id: send
    action: send.run
    inputs: {what: send, item: "{{ item }}"}
    output_variable: sent
  - id: book
    action: send.run
    inputs: {what: book, item: "{{ item }}"}
    output_variable: booked
output: "{{ sent.sent }} {{ booked.sent }}"
output_variable: all
\`\`\`

## Step 2: Give

\`\`\`yaml
action: workflow.set_outputs
inputs: {all: "{{ all }}"}
\`\`\`
`,
  );
});
afterAll(() => project.close());

it('takes over what completed before the step, does the rest, and says before which steps come again', async () => {
  const failed = await project.run('orders');
  expect((await project.call('runs.get', { runId: failed })).run.status).toBe('failed');
  const before = done();
  expect(before).toEqual(['send a', 'book a', 'send b', 'book b', 'send c', 'book c']);
  const from = 'each[2].book';
  const plan = await project.call('runs.planRetry', { runId: failed, from });
  expect(plan.from).toBe(from);
  expect(plan.repeats.map(({ path }) => path)).toEqual([from]);
  project.write('../trace.mended', '');
  const { runId } = await project.call('runs.retry', { runId: failed, from });
  await project.settled();
  expect(await project.call('runs.result', { runId })).toMatchObject({
    status: 'completed',
    final_output: { all: ['send-a book-a', 'send-b book-b', 'send-c book-c', 'send-d book-d'] },
  });
  expect(done().slice(before.length)).toEqual(['book c', 'send d', 'book d']);
});

it('does everything of the top step again where it is named itself', async () => {
  const runId = await project.run('orders');
  const plan = await project.call('runs.planRetry', { runId, from: 'each' });
  expect(plan.repeats.map(({ path }) => path)).toEqual(['each[0].send', 'each[0].book', 'step_2']);
  await expect(project.call('runs.planRetry', { runId, from: 'each[9].send' })).rejects.toMatchObject({
    code: 'step.not_found',
  });
});
