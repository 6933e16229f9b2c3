import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CliWorld, openCliWorld, workflowText } from '../support/run-cli.ts';

type Result = Record<string, unknown>;

/** Waits until a file named by its environment is there: a step that a test holds as long as it likes. */
const GATE = `#!/usr/bin/env node
import { appendFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
const gate = process.argv.find((word) => word.startsWith('--gate='))?.slice(7);
console.error('waiting at the gate');
appendFileSync(join(gate, '..', 'visits'), 'x');
while (!existsSync(gate)) await new Promise((go) => setTimeout(go, 20));
console.log(JSON.stringify({ passed: true }));
`;

/** The same as a tool of the registry. */
const DOOR = `
import { appendFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
export async function pass({ gate }) {
  appendFileSync(join(gate, '..', 'visits'), 'x');
  while (!existsSync(gate)) await new Promise((go) => setTimeout(go, 20));
  return { passed: true };
}
`;

const FLAKY = `#!/usr/bin/env node
import { existsSync } from 'node:fs';
const file = process.argv.find((word) => word.startsWith('--file='))?.slice(7);
if (!existsSync(file)) { console.error('the file is not there'); process.exit(2); }
console.log('there');
`;

// Every step of these tests is a process of its own: on a loaded machine that takes its time.
let world: CliWorld;
beforeAll(async () => {
  world = await openCliWorld();
  const inputs = ['inputs:', '  name: {type: string, default: world}', '  count: {type: integer, default: 1}'];
  world.write({
    'hello.md': workflowText(
      'hello',
      [['action: workflow.set_outputs', 'inputs: {greeting: "hello {{ inputs.name }}", count: "{{ inputs.count }}"}']],
      inputs,
    ),
    'warns.md': workflowText('warns', [
      ['action: workflow.set', 'inputs: {m: {x: 1}}'],
      ['action: workflow.set', 'inputs: {text: "a{{ m.nobody }}b"}'],
    ]),
    'partial.md': workflowText(
      'partial',
      [
        ['action: workflow.log', 'inputs: {message: fine}'],
        ['action: workflow.fail', 'inputs: {message: not fine}'],
      ],
      ['execution: {error_handling: continue}'],
    ),
    'gate/workflow.md': workflowText(
      'gate',
      [
        ['action: gate.run', 'inputs: {gate: "{{ inputs.gate }}"}', 'output_variable: gate'],
        ['action: workflow.log', 'inputs: {message: behind the gate}'],
      ],
      ['inputs:', '  gate: {type: string, required: true}'],
    ),
    'gate/tools/gate.mjs': GATE,
    'flaky/workflow.md': workflowText(
      'flaky',
      [
        ['action: workflow.log', 'inputs: {message: first}'],
        ['action: flaky.run', 'inputs: {file: "{{ inputs.file }}"}', 'retry: {max_retries: 0}'],
      ],
      ['inputs:', '  file: {type: string, required: true}'],
    ),
    'flaky/tools/flaky.mjs': FLAKY,
    '.aiworkflow/tools/registry.yaml':
      'tools: [{name: door, implementations: [{type: custom, adapter_path: custom/door.mjs}]}]\n',
    '.aiworkflow/tools/custom/door.mjs': DOOR,
  });
});
afterAll(() => world.dispose());

const gateFile = (name: string): string => join(world.project, `${name}.open`);

describe('run', () => {
  it('ends with 0 and prints one JSON value after a success', async () => {
    const result = await world.run('run', 'hello.md', '--json', '-i', 'name=you', '-i', 'count:=3');
    expect(result.json()).toMatchObject({
      success: true,
      status: 'completed',
      outcome: 'success',
      outputs: { greeting: 'hello you', count: 3 },
      steps_succeeded: 1,
      steps_total: 1,
      cost: 0,
    });
    expect(result.stderr).toBe('');
    expect(result.exitCode).toBe(0);
  });

  it('prints one plain line a step to stderr where there is no terminal, and none with --quiet', async () => {
    const plain = await world.run('run', 'hello.md');
    expect(plain.stderr).toMatch(/^✓ {2}Step 1 {2}(0|\d+m|\d+\.\d+)s\n$/);
    expect(plain.stdout).toContain('greeting: hello world');
    expect((await world.run('-q', 'run', 'hello.md')).stderr).toBe('');
  });

  it('prints one line for a long loop, with its counts', async () => {
    const step =
      'for_each: "{{ range(30) }}"\naction: "{{ \'workflow.fail\' if item == 7 else \'workflow.noop\' }}"\non_item_error: continue';
    world.write({ 'long.md': `---\nworkflow: {id: long}\n---\n\n## Step 1: Letters\n\n\`\`\`yaml\n${step}\n\`\`\`\n` });
    const { stderr } = await world.run('run', 'long.md');
    expect(stderr).toMatch(/^✓ {2}Letters {2}(0|\d+m|\d+\.\d+)s {2}30 of 30, 1 failed\n$/);
  });

  it('shows the lines of the log with --verbose', async () => {
    const result = await world.run('run', 'partial.md', '-v');
    expect(result.stderr).toContain('step_1 | fine');
  });

  it('reads inputs from files, and lets --input win', async () => {
    world.write({ 'inputs.yaml': 'name: file\ncount: 7\n', 'name.txt': 'from a file' });
    const result = await world.run('run', 'hello.md', '--json', '--inputs-file', 'inputs.yaml', '-i', 'name=@name.txt');
    expect(result.json()).toMatchObject({ outputs: { greeting: 'hello from a file', count: 7 } });
  });

  it('is no success when it completed in part, unless that is allowed', async () => {
    const refused = await world.run('run', 'partial.md', '--json');
    expect(refused.json()).toMatchObject({
      success: false,
      status: 'completed',
      outcome: 'partial',
      steps_succeeded: 1,
      steps_total: 2,
    });
    expect(refused.exitCode).toBe(1);
    const allowed = await world.run('run', 'partial.md', '--json', '--allow-partial');
    expect(allowed.json()).toMatchObject({ success: true, outcome: 'partial' });
    expect(allowed.exitCode).toBe(0);
  });

  it('has no effect with --dry-run', async () => {
    const before = (await world.run('runs', 'list', '--json')).json<{ count: number }>().count;
    const plan = await world.run('run', 'gate', '--dry-run', '--json', '-i', `gate=${gateFile('dry')}`);
    expect(plan.json()).toMatchObject({
      dry_run: true,
      workflow: { id: 'gate', steps: 2 },
      required_tools: ['gate'],
      plan: [{ step_id: 'step_1' }, { step_id: 'step_2' }],
    });
    expect((await world.run('runs', 'list', '--json')).json<{ count: number }>().count).toBe(before);
  });

  it('counts paths from the folder the caller is in', async () => {
    const result = await world.runIn(join(world.project, 'gate'), 'run', '../hello.md', '--json');
    expect(result.json()).toMatchObject({ success: true });
  });
});

if (process.platform === 'win32') console.log('skipped: Windows has no SIGINT to send');
describe.skipIf(process.platform === 'win32')('Ctrl-C', () => {
  it('cancels the run, waits for its end and exits with 130', async () => {
    const running = world.start('run', 'gate', '--json', '-v', '-i', `gate=${gateFile('never')}`);
    await untilVisited(world, 1);
    running.child.kill('SIGINT');
    const result = await running.ended;
    expect(result.exitCode).toBe(130);
    const value = result.json<{ run_id: string }>();
    expect(value).toMatchObject({ success: false, status: 'cancelled' });
    expect((await world.run('runs', 'show', value.run_id, '--json')).json()).toMatchObject({
      status: 'cancelled',
      completed_at: expect.any(String),
    });
  });
});

describe('a project that another process holds', () => {
  it('takes operations over the socket of the holder, which stays until the run of the other is over', async () => {
    const holder = world.start('run', 'gate', '--json', '-i', `gate=${gateFile('first')}`);
    await untilVisited(world, 2);
    const listed = await world.run('runs', 'list', '--status', 'running', '--json');
    expect(listed.json<{ count: number }>().count).toBe(1);
    const guest = world.start('run', 'gate', '--json', '-i', `gate=${gateFile('second')}`);
    await untilVisited(world, 3);
    world.write({ 'first.open': '' });
    await holder.says('"success":true');
    world.write({ 'second.open': '' });
    expect((await guest.ended).json()).toMatchObject({ success: true });
    expect((await holder.ended).exitCode).toBe(0);
  });

  it('stays until the calls that other terminals handed over are answered', async () => {
    const before = countVisits(world);
    const holder = world.start('tools', 'call', 'door.pass', '-p', `gate=${gateFile('own')}`);
    await untilVisited(world, before + 1);
    const guest = world.start('tools', 'call', 'door.pass', '--json', '-p', `gate=${gateFile('handed-over')}`);
    await untilVisited(world, before + 2);
    world.write({ 'own.open': '' });
    await holder.says('passed');
    await holder.says('Another terminal handed work over to this command');
    world.write({ 'handed-over.open': '' });
    expect((await guest.ended).json()).toMatchObject({ output: { passed: true } });
    expect((await holder.ended).exitCode).toBe(0);
    expect(countVisits(world)).toBe(before + 2);
  });

  it('says of a call whose holder was killed that nobody knows whether it was carried out', async () => {
    const before = countVisits(world);
    const holder = world.start('tools', 'call', 'door.pass', '-p', `gate=${gateFile('holder-own')}`);
    await untilVisited(world, before + 1);
    const guest = world.start('tools', 'call', 'door.pass', '--json', '-p', `gate=${gateFile('holder-gone')}`);
    await untilVisited(world, before + 2);
    holder.child.kill('SIGKILL');
    const lost = await guest.ended;
    expect([lost.exitCode, lost.json()]).toMatchObject([
      1,
      { code: 'holder.unreachable', error: expect.stringMatching(/'tools.call' was carried out is not known/) },
    ]);
    expect(countVisits(world)).toBe(before + 2);
    world.write({ 'holder-own.open': '', 'holder-gone.open': '' });
  });

  it('says of a run whose program was killed that it is interrupted, and resumes it only when told to', async () => {
    const before = countVisits(world);
    const killed = world.start('run', 'gate', '-i', `gate=${gateFile('driver-gone')}`);
    await untilVisited(world, before + 1);
    killed.child.kill('SIGKILL');
    await killed.ended;
    const { runs } = (await world.run('runs', 'list', '--json', '--status', 'running')).json<{ runs: Result[] }>();
    expect(runs).toMatchObject([{ workflow_id: 'gate', status: 'running', interrupted: true }]);
    const runId = String(runs[0]?.run_id);
    const list = (await world.run('runs', 'list', '--limit', '1')).stdout;
    expect(list).toContain(runId);
    expect(list).toMatch(/! Interrupted.*has ended before it.*aiworkflow runs resume RUN/s);
    const shown = (await world.run('runs', 'show', runId)).stdout;
    expect(shown).toMatch(/^! Interrupted/);
    expect(shown).toContain('! Interrupted  step_1  Step 1');
    expect(shown).toContain(`Go on with 'aiworkflow runs resume ${runId}'.`);
    expect(list + shown).not.toContain('Running');
    expect((await world.run('runs', 'show', runId, '--json')).json()).toMatchObject({
      status: 'running',
      interrupted: true,
    });
    world.write({ 'driver-gone.open': '' });
    const resumed = await world.run('runs', 'resume', runId, '--json');
    expect(resumed.json()).toMatchObject({ run_id: runId, status: 'completed', steps_succeeded: 2 });
    expect(resumed.json()).not.toHaveProperty('interrupted');
    expect((await world.run('runs', 'list', '--json', '--limit', '1')).stdout).not.toContain('interrupted');
  });

  it('runs on by itself after --detach', async () => {
    const begun = await world.run('run', 'gate', '--detach', '--json', '-i', `gate=${gateFile('detached')}`);
    const { run_id } = begun.json<{ run_id: string }>();
    expect(begun.json()).toMatchObject({ success: true, detached: true });
    const followed = world.start('runs', 'log', run_id, '--follow', '--json');
    await followed.says('waiting at the gate');
    world.write({ 'detached.open': '' });
    const lines = (await followed.ended).stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Result);
    expect(lines.map((line) => line.text)).toEqual(['waiting at the gate', expect.anything(), 'behind the gate']);
    expect((await world.run('runs', 'show', run_id, '--json')).json()).toMatchObject({ status: 'completed' });
  });

  it('hears from a detached start why it was refused', async () => {
    const refused = await world.run('run', 'nowhere.md', '--detach', '--json');
    expect(refused.json()).toMatchObject({ code: 'workflow.not_found', error: 'Workflow not found: nowhere.md' });
    expect(refused.exitCode).toBe(1);
  });
});

describe('runs', () => {
  it('resume goes on where a run failed, retry takes the outputs over, replay starts anew, delete removes', async () => {
    const file = join(world.project, 'flag');
    const failed = await world.run('run', 'flaky', '--json', '-i', `file=${file}`);
    expect(failed.exitCode).toBe(1);
    const { run_id } = failed.json<{ run_id: string }>();
    expect(failed.json()).toMatchObject({
      success: false,
      status: 'failed',
      error: expect.stringContaining('the file is not there'),
    });
    world.write({ flag: 'x' });
    const foreseen = await world.run('runs', 'retry', run_id, '--dry-run', '--json');
    expect(foreseen.json()).toMatchObject({ dry_run: true, from: 'step_2', repeats: [{ path: 'step_2' }] });
    const retried = await world.run('runs', 'retry', run_id, '--json');
    expect(retried.json()).toMatchObject({ status: 'completed', linked_run_id: run_id, repeats: ['step_2'] });
    const resumed = await world.run('run', '--resume', run_id, '--json');
    expect(resumed.json()).toMatchObject({ success: true, run_id, steps_succeeded: 2 });
    const replayed = await world.run('runs', 'replay', run_id, '--json', '-i', `file=${join(world.project, 'no')}`);
    expect(replayed.json()).toMatchObject({ status: 'failed' });
    expect(replayed.exitCode).toBe(1);
    expect((await world.run('runs', 'delete', run_id, '--json')).json()).toEqual({ run_id, deleted: true });
    expect((await world.run('runs', 'show', run_id, '--json')).json()).toMatchObject({ code: 'run.not_found' });
  });

  it('list filters by status, time and workflow', async () => {
    const list = async (...args: readonly string[]): Promise<{ runs: Result[]; count: number }> =>
      (await world.run('runs', 'list', '--json', ...args)).json();
    const failed = await list('--status', 'failed');
    expect(failed.count).toBeGreaterThan(0);
    expect(new Set(failed.runs.map((run) => run.status))).toEqual(new Set(['failed']));
    expect((await list('--workflow', 'hello', '--limit', '1')).runs).toHaveLength(1);
    expect((await list('--since', '2999-01-01')).count).toBe(0);
    expect((await list('--since', '1h')).count).toBe((await list()).count);
  });

  if (process.platform === 'win32') console.log('skipped: the gate of this step is a shell script');
  it.skipIf(process.platform === 'win32')(
    'a run whose engine was killed goes on with the result that the helper has witnessed',
    async () => {
      const running = world.start('run', 'gate', '--json', '-i', `gate=${gateFile('killed')}`);
      const visits = countVisits(world);
      await untilVisited(world, visits + 1);
      running.child.kill('SIGKILL');
      await running.ended;
      const open = (await world.run('runs', 'list', '--status', 'running', '--json')).json<{
        runs: { run_id: string }[];
      }>();
      const runId = open.runs[0]?.run_id ?? '';
      world.write({ 'killed.open': '' });
      // The helper outlived the engine and has recorded how the step ended: nothing is in doubt, nothing is done twice.
      const resumed = await world.run('runs', 'resume', runId, '--json');
      expect(resumed.json()).toMatchObject({ status: 'completed' });
      expect(countVisits(world)).toBe(visits + 1);
    },
  );

  if (process.platform !== 'linux') console.log('skipped: all processes of a step are found through /proc');
  it.skipIf(process.platform !== 'linux')(
    'a step that nobody witnessed is in doubt: exit 3, and a person decides',
    async () => {
      const running = world.start('run', 'gate', '--json', '-i', `gate=${gateFile('lost')}`);
      await untilVisited(world, countVisits(world) + 1);
      running.child.kill('SIGKILL');
      killAll(world.project);
      await running.ended;
      const open = (await world.run('runs', 'list', '--status', 'running', '--json')).json<{
        runs: { run_id: string }[];
      }>();
      const runId = open.runs[0]?.run_id ?? '';
      const resumed = await world.run('runs', 'resume', runId, '--json');
      expect(resumed.json()).toMatchObject({ status: 'in_doubt' });
      expect(resumed.exitCode).toBe(3);
      const decided = await world.run(
        'runs',
        'resolve',
        runId,
        '--step',
        'step_1',
        '--as',
        'completed',
        '--output',
        '{"passed": true}',
        '--json',
      );
      expect(decided.json()).toMatchObject({
        status: 'completed',
        step_results: [{ output: { passed: true } }, { status: 'completed' }],
      });
      expect(decided.exitCode).toBe(0);
    },
  );
});

/** Kills every process that works for this project: the helper and what it started. */
function killAll(project: string): void {
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      if (Number(entry) !== process.pid && readFileSync(`/proc/${entry}/cmdline`, 'utf8').includes(project))
        process.kill(Number(entry), 'SIGKILL');
    } catch {
      // It has ended in between.
    }
  }
}

const visitsFile = (open: CliWorld): string => join(open.project, 'visits');
const countVisits = (open: CliWorld): number =>
  existsSync(visitsFile(open)) ? readFileSync(visitsFile(open), 'utf8').length : 0;

/** Until so many steps in all have come to a gate. */
async function untilVisited(open: CliWorld, count: number): Promise<void> {
  while (countVisits(open) < count) await new Promise((go) => setTimeout(go, 20));
}

it('runs show: what a step warns about stands below it, and in the JSON', async () => {
  const ran = await world.run('run', 'warns.md', '--json');
  const runId = String(ran.json().run_id);
  const shown = (await world.run('runs', 'show', runId)).stdout;
  expect(shown).toMatch(/step_2.*\n +Warning: .*nobody.* is not defined/);
  const { step_results: steps } = (await world.run('runs', 'show', runId, '--json')).json<{
    step_results: { metadata: { warnings: string[] } }[];
  }>();
  expect(steps[1]?.metadata.warnings).toEqual([expect.stringContaining('nobody')]);
});
