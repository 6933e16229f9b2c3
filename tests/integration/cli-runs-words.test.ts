import { afterAll, beforeAll, expect, it } from 'vitest';
import { type CliWorld, openCliWorld, workflowText } from '../support/run-cli.ts';

let world: CliWorld;
beforeAll(async () => {
  world = await openCliWorld();
  world.write({
    'fail-first.md': workflowText('fail-first', [
      ['action: workflow.fail', 'inputs: {message: not fine}'],
      ['action: workflow.noop'],
    ]),
  });
});
afterAll(() => world.dispose());

it('runs show: a step that never began says so once the run has ended, and no work is told as 0.0s', async () => {
  const failed = await world.run('run', 'fail-first.md', '--json');
  const shown = (await world.run('runs', 'show', String(failed.json().run_id))).stdout;
  expect(shown).toMatch(/○ Not begun {2}step_2/);
  expect(shown).not.toMatch(/Pending|0\.0s/);
});

it('run and runs show: each success condition stands there with what became of it', async () => {
  const head = ['success_conditions: [steps_succeeded == 1, steps_total > 9, "nobody == 1"]'];
  world.write({ 'judged.md': workflowText('judged', [['action: workflow.noop']], head) });
  const ran = await world.run('run', 'judged.md');
  const lines = ['✓ Met', '✗ Not met', '? Unknown'].map((word) => `  ${word}  success condition: `);
  expect(lines.every((line) => ran.stdout.includes(line))).toBe(true);
  const [, runId = ''] = /(judged-\S+)/.exec(ran.stdout) ?? [];
  const shown = (await world.run('runs', 'show', runId)).stdout;
  expect(shown).toContain('  ✗ Not met  success condition: steps_total > 9');
});

it('runs list: a filter that leaves everything out is not said to be an empty project', async () => {
  await world.run('run', 'fail-first.md', '--json');
  expect((await world.run('runs', 'list', '--workflow', 'nobody-has-this')).stdout).toContain('No run is like that.');
  expect((await world.run('runs', 'list')).stdout).toContain('✗ Failed');
});
