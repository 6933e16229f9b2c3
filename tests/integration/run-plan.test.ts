import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectPaths } from '../../src/core/projects/index.ts';
import { isJsonMap, type Json } from '../../src/shared/json.ts';
import type { PlannedRow, RunPlan } from '../../src/shared/model/plan.ts';
import { callsNothing } from '../support/calls-nothing.ts';
import { LocalProject } from '../support/local-project.ts';
import { EXAMPLES_DIR } from '../support/paths.ts';

/** `run --dry-run` and the plan of the screen (SPEC §13): what is known before a run, held against the run. */

const BUNDLES = readdirSync(EXAMPLES_DIR, { withFileTypes: true })
  .filter((one) => one.isDirectory() && one.name !== 'patterns')
  .map(({ name }) => name);
const PATTERNS = readdirSync(join(EXAMPLES_DIR, 'patterns')).filter((name) => name.startsWith('pattern-'));
const NAMES = [...BUNDLES, ...PATTERNS.map((name) => name.slice(0, -'.md'.length))];

const project = new LocalProject(['agent:', '  primary: demo']);
beforeAll(() => {
  const { bundlesDir, workflowsDir } = projectPaths(project.path);
  for (const name of BUNDLES) cpSync(join(EXAMPLES_DIR, name), join(bundlesDir, name), { recursive: true });
  for (const name of PATTERNS) cpSync(join(EXAMPLES_DIR, 'patterns', name), join(workflowsDir, name));
});
afterAll(() => project.close());

/** Makes the plan while nothing may be started or reached: the helper that starts processes is gone. */
async function guardedPlan(workflow: string, inputs: Readonly<Record<string, Json>> = {}): Promise<RunPlan> {
  await project.reopen();
  return callsNothing(() => project.call('runs.plan', { workflow, inputs }));
}

/** What a step was really given, by its path; a child run stands below the step that waits for it. */
async function callsOf(runId: string, prefix = ''): Promise<ReadonlyMap<string, { action: string; inputs: Json }>> {
  const calls = new Map<string, { action: string; inputs: Json }>();
  const { events } = await project.call('runs.events', { runId, limit: 1000 });
  for (const { event } of events) {
    if (event.type === 'step.started' && event.role === 'main' && event.kind === undefined)
      calls.set(`${prefix}${event.path}`, { action: event.action, inputs: event.inputs });
    if (event.type === 'waitpoint.opened' && event.child !== undefined && event.child !== null)
      for (const [path, call] of await callsOf(event.child.runId, `${prefix}${event.path}/`)) calls.set(path, call);
  }
  return calls;
}

const rowOf = ({ plan }: RunPlan, path: string): PlannedRow | undefined =>
  plan.find((row) => row.path === path) ?? plan.find((row) => row.path === path.replaceAll(/\[\d+\]/g, '[*]'));

/** The known parts of a planned value have to be those of the real one. */
function expectKnown(planned: Json, real: Json, unknown: readonly string[], at = ''): void {
  if (unknown.includes(at)) return;
  if (!unknown.some((one) => one.startsWith(`${at}/`))) {
    expect(planned).toEqual(real);
    return;
  }
  const parts = Array.isArray(planned) ? planned.entries() : Object.entries(isJsonMap(planned) ? planned : {});
  for (const [key, one] of parts) {
    const there = Array.isArray(real) ? real[Number(key)] : isJsonMap(real) ? real[String(key)] : undefined;
    expectKnown(one, there ?? null, unknown, `${at}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`);
  }
}

describe.each(NAMES)('the plan of %s', (name) => {
  it('calls nothing, is the same again, and what it knows is what the run does', async () => {
    const plan = await guardedPlan(name);
    expect(plan.plan.length).toBeGreaterThan(0);
    expect((await guardedPlan(name)).hash).toBe(plan.hash);
    const runId = await project.run(name);
    const calls = await callsOf(runId);
    expect(calls.size).toBeGreaterThan(0);
    for (const [path, { action, inputs }] of calls) {
      const row = rowOf(plan, path);
      expect(row?.path, `${path} of the run is in the plan`).toBeDefined();
      if (row === undefined) continue;
      expect(row.reached).not.toBe('no');
      if (!row.action.includes('{')) expect(row.action).toBe(action);
      expectKnown(row.inputs, inputs, row.unknown);
    }
    for (const row of plan.plan)
      if (row.kind === 'action' && row.reached === 'no') expect(calls.has(row.path)).toBe(false);
  });
});

describe('a plan', () => {
  it('takes the branch that the inputs decide, goes through known items one by one, and marks the rest unknown', async () => {
    project.addWorkflow(
      'tree',
      [
        ['action: workflow.set', 'inputs: {rate: "{{ inputs.net * 2 }}", seen: "{{ now }}"}'],
        [
          'if: "{{ inputs.net > 5 }}"',
          'then:',
          '  - action: workflow.log',
          '    inputs: {message: "rate {{ rate }}"}',
          'else:',
          '  - action: workflow.log',
          '    inputs: {message: low}',
        ],
        [
          'for_each: "{{ inputs.names }}"',
          'as: who',
          'steps:',
          '  - action: workflow.log',
          '    inputs: {message: "{{ who }} {{ seen }}", level: "{{ loop.index }}"}',
        ],
      ],
      ['inputs:', '  - {name: net, type: integer, default: 7}', '  - {name: names, type: array, default: [a, b]}'],
    );
    const { plan } = await guardedPlan('tree');
    const words = plan.map(({ path, reached, inputs, unknown }) => [path, reached, inputs, unknown]);
    expect(words).toEqual([
      ['step_1', 'yes', { rate: 14, seen: '{{ now }}' }, ['/seen']],
      ['step_2', 'yes', {}, []],
      ['step_2.step_2_then_1', 'yes', { message: 'rate 14' }, []],
      ['step_2.step_2_else_1', 'no', { message: 'low' }, []],
      ['step_3', 'yes', {}, []],
      ['step_3[0].step_3_1', 'yes', { message: '{{ who }} {{ seen }}', level: 1 }, ['/message']],
      ['step_3[1].step_3_1', 'yes', { message: '{{ who }} {{ seen }}', level: 2 }, ['/message']],
    ]);
  });

  it('names what a run touches, whom it asks and what would fail, and hides secrets', async () => {
    project.addWorkflow(
      'pay',
      [
        [
          'id: ask',
          'approval: {title: "Pay {{ inputs.sum }}?", approvers: [lead], expires_in: 2h, on_expire: continue}',
        ],
        [
          ...['action: workflow.write_file', 'inputs: {path: "out/{{ inputs.sum }}.txt", content: "{{ inputs.pin }}"}'],
          ...['permissions: {hosts: [bank.example]}'],
        ],
        ['action: workflow.log', 'inputs: {message: "{{ inputs.sum / 0 }}"}'],
        ['while: "{{ steps.ask.output }}"', 'max_iterations: 7', 'steps:', '  - action: workflow.noop'],
        [
          'for_each: ["a", "b"]',
          'steps:',
          '  - {action: workflow.write_file, inputs: {path: "{{ item }}.txt", content: x}}',
          '  - {action: workflow.noop, output_file: "{{ steps.ask.output }}.md"}',
        ],
      ],
      ['inputs:', '  - {name: sum, type: integer, default: 7}', '  - {name: pin, secret: true, default: "1234"}'],
    );
    const { plan, approvals, touches, inputs } = await guardedPlan('pay');
    expect(inputs).toEqual({ sum: 7, pin: '[secret:pin]' });
    expect(approvals).toEqual([
      {
        ...{ path: 'ask', title: 'Pay 7?', approvers: ['lead'], min_approvals: 1, reached: 'yes' },
        ...{ expires_in_seconds: 7200, on_expire: 'continue' },
      },
    ]);
    expect(touches).toMatchObject({
      hosts: ['bank.example'],
      writes: ['a.txt', 'b.txt', 'out/7.txt', '{{ steps.ask.output }}.md'],
    });
    expect(plan[1]).toMatchObject({
      inputs: { path: 'out/7.txt', content: '{{ inputs.pin }}' },
      unknown: ['/content'],
    });
    expect(plan[2]?.problem).toMatch(/zero/i);
    expect(plan[3]).toMatchObject({ turns: { low: 0, high: 7 } });
    expect(plan[4]).toMatchObject({ path: 'step_4[*].step_4_1', reached: 'maybe' });
  });

  it('has another hash for other inputs and another version', async () => {
    const hash = async (inputs: Readonly<Record<string, Json>> = {}): Promise<string> =>
      (await guardedPlan('tree', inputs)).hash;
    const first = await hash();
    expect(await hash({ net: 7 })).toBe(first);
    expect(await hash({ net: 8 })).not.toBe(first);
    project.addWorkflow('tree', [['action: workflow.noop']]);
    expect(await hash()).not.toBe(first);
  });
});
