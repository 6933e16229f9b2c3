import { describe, expect, it } from 'vitest';
import { readHeading } from './headings.ts';
import { errors, problems, read } from './reading.test-support.ts';

const BLOCK = '```yaml\naction: a.b\n```\n';

describe('readHeading (SPEC §16)', () => {
  it.each([
    ['## Step 1: A', '1', 'A', 'step_1'],
    ['### Step 1.2: B', '1.2', 'B', 'step_1_2'],
    ['#### 3. C', '3', 'C', 'step_3'],
    ['## 4: D', '4', 'D', 'step_4'],
    ['## Step 9:J', '9', 'J', 'step_9'],
    ['## Step 10. T', '10', 'T', 'step_10'],
    ['## 2024: year', '2024', 'year', 'step_2024'],
    ['## Step 1.2.3: H', '1.2', '3: H', 'step_1_2'],
  ])('%s is step %s with title %s', (line, number, title, id) => {
    expect(readHeading(line)).toMatchObject({ kind: 'step', number, title, id });
  });

  it.each(['# Step 6: F', '##### Step 5: E', '## Step 7 - G', '## step 8: I', '##Step 2: X', '## Step: X', '# 3. X'])(
    '%s is a near miss',
    (line) => {
      expect(readHeading(line)).toMatchObject({ kind: 'other', nearMiss: true });
    },
  );

  it.each(['## Overview', '# Title', '## Stepping stones', '## 3 ways to go'])('%s is another heading', (line) => {
    expect(readHeading(line)).toMatchObject({ kind: 'other', nearMiss: false });
  });

  it.each(['text', '#tag', '####### seven'])('%s is no heading', (line) => {
    expect(readHeading(line)).toBeUndefined();
  });
});

describe('step sections (SPEC §1.3)', () => {
  it('keeps the order of the file and takes the name and the prose', () => {
    const { workflow } = read(`## Step 2: Second\nFirst words\nhere.\n\n${BLOCK}\nMore.\n### 1. First\n${BLOCK}`);
    expect(workflow.steps.map(({ id, name, description }) => [id, name, description])).toEqual([
      ['step_2', 'Second', 'First words here. More.'],
      ['step_1', 'First', ''],
    ]);
  });

  it('cuts the description at 200 characters', () => {
    const { workflow } = read(`## Step 1: A\n${'😀'.repeat(300)}\n\n${BLOCK}`);
    expect([...(workflow.steps[0]?.description ?? '')]).toHaveLength(200);
  });

  it('numbers the blocks of a section', () => {
    const { workflow } = read(`## Step 3: A\n${BLOCK}${BLOCK}\`\`\`yml\nid: mine\naction: a.b\n\`\`\`\n${BLOCK}`);
    expect(workflow.steps.map((step) => step.id)).toEqual(['step_3', 'step_3b', 'mine', 'step_3d']);
  });

  it('a section without a step block is prose', () => {
    const { workflow, diagnostics } = read(`## Step 1: A\n${BLOCK}\n## 2024: year\nA good one.\n`);
    expect(workflow.steps).toHaveLength(1);
    expect(diagnostics).toEqual([]);
  });

  it('other headings do not end a section', () => {
    const { workflow } = read(`## Step 1: A\n${BLOCK}\n## Notes\n${BLOCK}`);
    expect(workflow.steps.map((step) => step.id)).toEqual(['step_1', 'step_1b']);
  });

  it('does not read headings inside fences', () => {
    const { workflow } = read(
      `## Step 1: A\n${BLOCK}\n\`\`\`\`text\n## Step 2: B\n\`\`\`yaml\naction: x.y\n\`\`\`\n\`\`\`\`\n`,
    );
    expect(workflow.steps.map((step) => step.id)).toEqual(['step_1']);
  });

  it('without any step heading every block with a kind is a step', () => {
    const { workflow, diagnostics } = read(
      `# Title\n${BLOCK}\n## Overview\n~~~YAML\naction: c.d\n~~~\n\`\`\`yaml\nfoo: bar\n\`\`\`\n`,
    );
    expect(workflow.steps.map((step) => step.id)).toEqual(['step_1', 'step_2']);
    expect(diagnostics).toEqual([]);
  });

  it('warns of a near miss that has a step block, and only then', () => {
    expect(problems(`## Step 1: A\n${BLOCK}## step 2: B\n${BLOCK}`)).toEqual([
      "5 warning 'step 2: B' is not a step heading: its block belongs to step 'step_1' -> Write '## Step 2: B'.",
    ]);
    expect(problems(`## Step 1: A\n${BLOCK}## Step 7 - G\nwords\n`)).toEqual([]);
    expect(problems(`##### Step 5: E\n${BLOCK}## Step 1: A\n${BLOCK}`)).toEqual([
      "1 error 'Step 5: E' is not a step heading: there is no step above it, so it does not run -> Write '#### Step 5: E'.",
    ]);
  });

  it('warns of a number with three parts', () => {
    expect(problems(`## Step 1.2.3: H\n${BLOCK}`)).toEqual([
      "1 warning Step numbers have at most two parts: this is step 1.2 with the name '3: H'",
    ]);
  });

  it('reports the same id twice', () => {
    expect(errors(`## Step 1: A\n${BLOCK}## Step 1: B\n${BLOCK}`)).toEqual(['7 Duplicate step ID: step_1']);
    expect(errors(`## Step 1: A\n${BLOCK}## Step 2: B\n\`\`\`yaml\nid: step_1\naction: a.b\n\`\`\``)).toEqual([
      '7 Duplicate step ID: step_1',
    ]);
  });

  it('says when a step is outside of the sections, commented out or in a block that never ends', () => {
    expect(problems(`${BLOCK}## Step 1: A\n${BLOCK}`)[0]).toContain(
      '2 warning This block looks like a step but stands outside',
    );
    expect(problems(`## Step 1: A\n${BLOCK}<!--\n## Step 2: B\n-->\n`)).toEqual([
      '5 warning This part is HTML or commented out: the steps in it do not run',
    ]);
    expect(problems('## Step 1: A\n```yaml\naction: a.b\n')[0]).toContain('2 error This block is never closed');
  });
});
