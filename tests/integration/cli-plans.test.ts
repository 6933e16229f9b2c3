import { afterAll, beforeAll, expect, it } from 'vitest';
import { type CliWorld, openCliWorld, workflowText } from '../support/run-cli.ts';

/** `run --dry-run`, `run --plan` and `runs compare` in a terminal. */
let world: CliWorld;
beforeAll(async () => {
  world = await openCliWorld();
  world.write({ 'hello.md': workflowText('hello', [['action: workflow.set_outputs', 'inputs: {greeting: hello}']]) });
});
afterAll(() => world.dispose());

it('shows a plan, follows it, refuses it for other inputs, and compares two runs', async () => {
  const shown = await world.run('run', 'hello.md', '--dry-run');
  expect(shown.stdout).toContain('nothing was started');
  const hash = /Plan: ([0-9a-f]{64})/.exec(shown.stdout)?.[1] ?? '';
  const one = await world.run('run', 'hello.md', '--plan', hash, '--json');
  expect(one.json()).toMatchObject({ success: true });
  const refused = await world.run('run', 'hello.md', '--plan', '0'.repeat(64), '--json');
  expect(refused.json()).toMatchObject({ code: 'run.other_plan' });
  const two = await world.run('run', 'hello.md', '--json');
  const ids = [one, two].map((run) => run.json<{ run_id: string }>().run_id) as [string, string];
  expect((await world.run('runs', 'replay', ids[1], '--dry-run')).stdout).toContain('It would run version');
  const compared = await world.run('runs', 'compare', ...ids);
  expect(compared.stdout).toContain('Both did the same.');
  expect((await world.run('runs', 'compare', ids[1], '--json')).json()).toMatchObject({
    before: { runId: ids[0] },
    first: null,
  });
});
