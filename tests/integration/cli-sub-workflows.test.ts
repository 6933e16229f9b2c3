import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectPaths } from '../../src/core/projects/index.ts';
import { type CliWorld, openCliWorld, workflowText } from '../support/run-cli.ts';
import { waitUntil } from '../support/wait-until.ts';

type Value = Record<string, unknown>;

// Every step of these tests is a process of its own: on a loaded machine that takes its time.
let world: CliWorld;
const calls = (id: string, ref: string, more: readonly string[] = []) =>
  workflowText(id, [['id: call', `workflow: ${ref}`, ...more]]);

beforeAll(async () => {
  world = await openCliWorld();
  const flows: Record<string, string> = {
    adder: workflowText(
      'adder',
      [['action: workflow.set_outputs', 'inputs: {sum: "{{ inputs.a + inputs.b }}"}']],
      ['inputs: {a: {type: integer, required: true}, b: {type: integer, default: 1}}'],
    ),
    uses: workflowText('uses', [
      ['id: call', 'workflow: ./adder.md', 'inputs: {a: 41}', 'output_variable: got'],
      ['action: workflow.set_outputs', 'inputs: {sum: "{{ got.sum }}"}'],
    ]),
    wrong: calls('wrong', 'adder', ['inputs: {a: many}']),
    circle: calls('circle', 'round'),
    round: calls('round', './circle.md'),
    lost: calls('lost', 'nobody'),
    over: calls('over', 'deep5'),
    both: workflowText('both', [['workflow: deep5'], ['id: far', 'workflow: over']]),
    naps: workflowText('naps', [['wait: 15s'], ['action: workflow.set_outputs', 'inputs: {rested: true}']]),
    sleepy: workflowText('sleepy', [
      ['id: call', 'workflow: naps', 'output_variable: got'],
      ['action: workflow.set_outputs', 'inputs: {rested: "{{ got.rested }}"}'],
    ]),
    asks: workflowText('asks', [['id: ok', 'approval: Go?'], ['action: workflow.noop']]),
    waits: calls('waits', 'asks'),
    ...Object.fromEntries(
      Array.from({ length: 9 }, (_, at) => [
        `deep${at}`,
        calls(`deep${at}`, at === 0 ? 'adder' : `deep${at - 1}`, at === 0 ? ['inputs: {a: 1}'] : []),
      ]),
    ),
  };
  world.write(
    Object.fromEntries(Object.entries(flows).map(([name, text]) => [`.aiworkflow/workflows/${name}.md`, text])),
  );
});
afterAll(() => world.dispose());

async function run(workflow: string, code: number): Promise<Value> {
  const result = await world.run('run', workflow, '--json');
  expect(result.exitCode, result.stderr + result.stdout).toBe(code);
  return result.json();
}

describe('workflows that call others', () => {
  it('find them beside their own file, each run pinned and listed', async () => {
    const { outputs, run_id: parent } = await run('uses', 0);
    expect(outputs).toEqual({ sum: 42 });
    const list = (await world.run('runs', 'list', '--workflow', 'adder', '--json')).json<{ runs: Value[] }>();
    expect(list.runs).toMatchObject([{ parent_run_id: parent, status: 'completed' }]);
  });

  it('that go in a circle, too deep, or to nobody are refused with step and line, and no run is written', async () => {
    expect(await run('circle', 1)).toMatchObject({
      code: 'workflow.cycle',
      error: expect.stringMatching(/circle\.md -> .*round\.md -> .*circle\.md.*line \d+/),
    });
    expect(await run('lost', 1)).toMatchObject({
      code: 'workflow.not_found',
      error: expect.stringMatching(/nobody.*'call', line \d+/),
    });
    expect(await run('deep8', 1)).toMatchObject({ code: 'workflow.too_deep' });
    // A way that is short from one caller may be long from another.
    expect(await run('both', 1)).toMatchObject({
      code: 'workflow.too_deep',
      error: expect.stringMatching(/more than 8 deep.*line \d+/),
    });
    expect(await run('over', 0)).toMatchObject({ status: 'completed' });
    expect(await run('deep6', 0)).toMatchObject({ status: 'completed' });
    expect((await world.run('runs', 'list', '--workflow', 'circle', '--json')).json<{ runs: Value[] }>().runs).toEqual(
      [],
    );
  });

  it('an input that the other does not take fails the step', async () => {
    expect(await run('wrong', 1)).toMatchObject({
      error: expect.stringContaining("'adder' failed"),
      details: { code: 'run.child_failed' },
    });
  });

  it('one that waits for a person ends the command, and goes on when it is approved', async () => {
    const { run_id: parent } = await run('waits', 3);
    const { approvals } = (await world.run('approvals', 'list', '--json')).json<{ approvals: Value[] }>();
    const approved = await world.run('approvals', 'approve', String(approvals[0]?.id), '--json');
    expect(approved.exitCode).toBe(0);
    expect((await world.run('runs', 'show', String(parent), '--json')).json()).toMatchObject({ status: 'completed' });
  });

  it('go on when they are resumed after a kill, the one that rests and the one that waits for it', async () => {
    const command = world.start('run', 'sleepy', '--json');
    // Whoever looks first would hold the project, be handed the run and stay with it to its end.
    const { holderFile } = projectPaths(world.project);
    await waitUntil('the command holds the project', () => existsSync(holderFile));
    const listed = async (): Promise<Value[]> =>
      (await world.run('runs', 'list', '--workflow', 'naps', '--json')).json<{ runs: Value[] }>().runs;
    let child: Value = {};
    await waitUntil('the child waits', async () => {
      child = (await listed())[0] ?? {};
      return child.status === 'waiting';
    });
    command.child.kill('SIGKILL');
    await command.ended;
    const parent = String(child.parent_run_id);
    expect((await world.run('runs', 'show', parent, '--json')).json()).toMatchObject({ status: 'waiting' });
    const resumed = await world.run('runs', 'resume', parent, '--json');
    expect(resumed.exitCode, resumed.stderr + resumed.stdout).toBe(0);
    expect([resumed.exitCode, resumed.json()]).toMatchObject([
      0,
      { status: 'completed', final_output: { rested: true } },
    ]);
    expect((await listed()).map(({ status }) => status)).toEqual(['completed']);
    // The wait of the other is no work of this one, and every list says the same.
    const shown = (await world.run('runs', 'show', parent)).stdout;
    const took = / in (.+?) {2}/.exec(shown)?.[1] ?? 'nothing';
    const row = (await world.run('runs', 'list')).stdout.split('\n').find((line) => line.includes(parent.slice(-8)));
    expect(row?.trimEnd().endsWith(`  ${took}`), `${row} and ${shown}`).toBe(true);
  });
});
