import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { ReplayReport } from '../../src/shared/model/cassette.ts';
import { LocalProject } from '../support/local-project.ts';

/** SPEC §3.9: what a run asked and was answered is recorded; a replay calls nothing, and shows where it is not what was recorded. */
let project: LocalProject;
beforeEach(() => {
  project = new LocalProject(['agent: {primary: demo}']);
});
afterEach(() => project.close());

/** A bundle with a tool that writes down each call of it, and an agent step. */
function addDesk(more: { readonly task?: string; readonly secret?: boolean } = {}): void {
  const { task = 'Say in one line what was read.', secret = false } = more;
  project.write(
    '.aiworkflow/bundles/desk/tools/count.mjs',
    [
      '#!/usr/bin/env node',
      "import { appendFileSync } from 'node:fs';",
      `appendFileSync(${JSON.stringify(join(project.root, 'calls'))}, 'x');`,
      "console.log(JSON.stringify({ n: 7, token: 'tok-planted-77', at: Math.random() }));",
    ].join('\n'),
  );
  project.write(
    '.aiworkflow/bundles/desk/workflow.md',
    [
      '---',
      'id: desk',
      'name: desk',
      ...(secret ? ['inputs: [{name: password, type: string, secret: true}]'] : []),
      '---',
      '## Step 1: Read',
      '```yaml',
      'id: read',
      'action: count',
      'inputs: {what: "{{ run_id }}"}',
      'output_variable: seen',
      '```',
      '## Step 2: Ask',
      '```yaml',
      'id: ask',
      'action: agent.analyze',
      `inputs: {task: ${JSON.stringify(task)}, data: "{{ seen }}", at: "{{ now }}"}`,
      'output_variable: said',
      '```',
      '## Step 3: Give',
      '```yaml',
      'id: give',
      'action: workflow.set_outputs',
      `inputs: {said: "{{ said }}", seen: "{{ seen }}"${secret ? ', given: "{{ inputs.password }}"' : ''}}`,
      '```',
    ].join('\n'),
  );
}

const calls = (): number =>
  existsSync(join(project.root, 'calls')) ? readFileSync(join(project.root, 'calls'), 'utf8').length : 0;

async function replay(
  recording:
    | { readonly runId: string }
    | { readonly workflow: string; readonly name: string }
    | { readonly text: string; readonly name: string },
  more: { readonly latest?: boolean; readonly from?: string } = {},
): Promise<ReplayReport & { readonly runId: string }> {
  const { runId } = await project.call('cassettes.replay', { recording, ...more });
  await project.settled();
  return { ...(await project.call('cassettes.report', { runId })), runId };
}

describe('a replay', () => {
  it('gives what was recorded and calls nothing; a test is kept beside the workflow and is no other version of it', async () => {
    addDesk();
    const runId = await project.run('desk');
    expect(calls()).toBe(1);
    const report = await replay({ runId });
    expect(report).toMatchObject({ verdict: 'passed', answered: 2, exchanges: 2, drift: null, outputs: [] });
    expect(calls()).toBe(1);
    const { run } = await project.call('runs.get', { runId: report.runId });
    expect(run).toMatchObject({ trigger: 'replay', status: 'completed', linkedRunId: runId });
    expect(run.cost).toMatchObject({ calls: 0 });

    const saved = await project.call('cassettes.save', { runId, name: 'first' });
    expect(saved).toMatchObject({ path: '.aiworkflow/bundles/desk/tests/first.cassette.json', isBundleChanged: true });
    const hash = async (): Promise<string> => (await project.call('workflows.get', { ref: 'desk' })).contentHash;
    const before = await hash();
    expect(await project.call('cassettes.save', { runId, name: 'second' })).toMatchObject({ isBundleChanged: false });
    expect(await hash()).toBe(before);
    await expect(project.call('cassettes.save', { runId, name: 'second' })).rejects.toMatchObject({
      code: 'cassette.exists',
    });
    expect(await replay({ workflow: 'desk', name: 'first' })).toMatchObject({ verdict: 'passed' });
    const { tests } = await project.call('cassettes.list', { workflow: 'desk' });
    expect(tests.map(({ name, last }) => [name, last?.verdict])).toEqual([
      ['first', 'passed'],
      ['second', undefined],
    ]);
    expect(calls()).toBe(1);
  });
});

describe('a workflow that was changed', () => {
  it('shows where a replay is not what was recorded, and goes on for real where a person says so', async () => {
    addDesk();
    const runId = await project.run('desk');
    addDesk({ task: 'Say in two lines what was read.' });
    const drifted = await replay({ runId }, { latest: true });
    expect(drifted).toMatchObject({
      ...{ verdict: 'drift', answered: 1 },
      drift: {
        ...{ path: 'ask', name: 'Ask', kind: 'changed' },
        changes: [
          { at: '/inputs/task', before: 'Say in one line what was read.', after: 'Say in two lines what was read.' },
        ],
      },
    });
    const { run } = await project.call('runs.get', { runId: drifted.runId });
    expect(run).toMatchObject({ status: 'failed', error: { code: 'cassette.drift', details: { step: 'ask' } } });
    await expect(project.call('runs.retry', { runId: drifted.runId })).rejects.toMatchObject({
      code: 'run.illegal_state',
    });
    expect(await replay({ runId })).toMatchObject({ verdict: 'passed' });
    const plan = await project.call('cassettes.planFork', { recording: { runId }, latest: true, from: 'ask' });
    expect(plan).toMatchObject({ steps: ['read', 'ask', 'give'], repeats: [{ path: 'ask', effect: 'idempotent' }] });
    await expect(project.call('cassettes.replay', { recording: { runId }, from: 'nothing' })).rejects.toMatchObject({
      code: 'step.not_found',
    });
  });

  it('does the steps from a chosen one on for real', async () => {
    addDesk();
    const runId = await project.run('desk');
    const forked = await replay({ runId }, { from: 'ask' });
    const { run, outputs } = await project.call('runs.get', { runId: forked.runId });
    expect(run).toMatchObject({ trigger: 'manual', status: 'completed', cost: { calls: 1 } });
    expect(calls()).toBe(1);
    expect(outputs.seen).toMatchObject({ n: 7, token: '[secret:token]' });
    await replay({ runId }, { from: 'read' });
    expect(calls()).toBe(2);
  });

  it('fails where it comes out otherwise, or comes to less', async () => {
    project.addWorkflow('sums', [
      ['id: first', 'action: workflow.sleep', 'inputs: {duration: 1ms}', 'output_variable: slept'],
      ['id: last', 'action: workflow.set_outputs', 'inputs: {sum: "{{ 1 + 1 }}"}'],
    ]);
    const runId = await project.run('sums');
    project.addWorkflow('sums', [
      ['id: first', 'action: workflow.sleep', 'inputs: {duration: 1ms}', 'output_variable: slept'],
      ['id: last', 'action: workflow.set_outputs', 'inputs: {sum: "{{ 1 + 2 }}"}'],
    ]);
    expect(await replay({ runId }, { latest: true })).toMatchObject({
      ...{ verdict: 'failed', drift: null },
      outputs: [{ at: '/sum', before: 2, after: 3 }],
    });
    project.addWorkflow('sums', [['id: last', 'action: workflow.set_outputs', 'inputs: {sum: "{{ 1 + 1 }}"}']]);
    expect(await replay({ runId }, { latest: true })).toMatchObject({
      verdict: 'drift',
      drift: { path: 'first', kind: 'not_reached' },
    });
  });
});

describe('a recording', () => {
  it('holds no secret: none of the project, of an input or of a field that is named like one', async () => {
    vi.stubEnv('AIWORKFLOW_MASTER_KEY', 'correct horse battery');
    onTestFinished(() => void vi.unstubAllEnvs());
    project.write('.env', 'SUM_API_KEY=hunter2-planted-key\n');
    addDesk({ secret: true, task: 'Say hunter2-planted-key' });
    const runId = await project.run('desk', { password: 'pass-planted-9' });
    const { path } = await project.call('cassettes.save', { runId, name: 'kept' });
    const text = readFileSync(join(project.path, path), 'utf8');
    for (const secret of ['hunter2-planted-key', 'pass-planted-9', 'tok-planted-77'])
      expect(text).not.toContain(secret);
    expect(text).toContain('[secret:password]');
    expect(await replay({ workflow: 'desk', name: 'kept' })).toMatchObject({ verdict: 'passed', answered: 2 });
    await expect(
      project.call('cassettes.replay', { recording: { workflow: 'desk', name: 'kept' }, from: 'ask' }),
    ).rejects.toMatchObject({ code: 'cassette.not_recordable' });
  });

  it('that is cut off, foreign or hostile is one typed error, and starts nothing', async () => {
    addDesk();
    const runId = await project.run('desk');
    const { path } = await project.call('cassettes.save', { runId, name: 'kept' });
    const text = readFileSync(join(project.path, path), 'utf8');
    const deep = `${'['.repeat(5_000)}${']'.repeat(5_000)}`;
    const changed = (more: object): string => JSON.stringify({ ...JSON.parse(text), ...more });
    const bad = [
      text.slice(0, text.length / 2),
      '',
      'null',
      '{"format": "aiworkflow-run"}',
      deep,
      changed({ format_version: 2 }),
      changed({ parts: {} }),
      changed({ more: 1 }),
      text.replace('demo:', 'said:'),
      changed({ exchanges: [{ path: 'read', role: 'main' }] }),
      ' '.repeat(8 * 1024 * 1024 + 1),
    ];
    for (const one of bad) {
      project.write(path, one);
      await expect(replay({ workflow: 'desk', name: 'kept' }), one.slice(0, 80)).rejects.toMatchObject({
        code: 'cassette.invalid',
      });
    }
    const { tests } = await project.call('cassettes.list', { workflow: 'desk' });
    expect(tests).toMatchObject([{ name: 'kept', recorded: null, problem: expect.stringMatching(/no recording/) }]);
    expect((await project.call('runs.list', { trigger: 'replay' })).runs).toEqual([]);
    await expect(replay({ workflow: 'desk', name: 'none' })).rejects.toMatchObject({ code: 'cassette.not_found' });
    await expect(project.call('cassettes.save', { runId, name: '../out' })).rejects.toMatchObject({
      code: 'contract.invalid_input',
    });
  });
});
