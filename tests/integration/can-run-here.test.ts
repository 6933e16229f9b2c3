import { afterEach, beforeEach, expect, it } from 'vitest';
import { bundleText } from '../support/gated-project.ts';
import { LocalProject } from '../support/local-project.ts';

/** SPEC §1.10: being valid and being able to run here are two things. */
let project: LocalProject;
beforeEach(() => {
  project = new LocalProject();
});
afterEach(() => project.close());

const ECHO = '#!/usr/bin/env node\nconsole.log(JSON.stringify({ args: process.argv.slice(2) }));\n';

function bundle(id: string, steps: readonly (readonly string[])[], frontmatter: readonly string[] = []): void {
  project.write(`.aiworkflow/bundles/${id}/workflow.md`, bundleText(id, { name: id, steps, frontmatter }));
  project.write(`.aiworkflow/bundles/${id}/tools/slack.mjs`, ECHO);
}

const refusal = (workflow: string, inputs: Record<string, string> = {}): Promise<unknown> =>
  project.call('runs.start', { workflow, inputs }).then(
    () => null,
    (thrown: unknown) => thrown,
  );

it('a tool that is not set up leaves the workflow valid, is said everywhere, and stops the start before any row', async () => {
  bundle('mail', [['action: slack.send'], ['action: outlook.send'], ['action: outlook.read']]);
  const report = await project.call('workflows.validate', { ref: 'mail' });
  expect(report).toMatchObject({ valid: true, missing: [{ tool: 'outlook', why: 'outlook is not set up' }] });
  expect(report.warnings).toContainEqual(
    expect.objectContaining({ severity: 'warning', message: 'Required tool not available: outlook', step: 'step_2' }),
  );
  const { workflows } = await project.call('workflows.list', {});
  expect(workflows.map(({ error, unsupported }) => [error, unsupported])).toEqual([
    [null, 'Cannot run here yet: outlook is not set up'],
  ]);
  expect(await refusal('mail')).toMatchObject({
    code: 'workflow.invalid',
    message: expect.stringMatching(/^Validation failed: Required tool not available: outlook \(line \d+\)$/),
    hint: expect.stringContaining('outlook'),
  });
  expect((await project.call('runs.list', {})).runs).toEqual([]);
});

it('of a templated name only the tool of the real inputs counts', async () => {
  const inputs = ['inputs:', '  channel: {type: string, default: slack, enum: [slack, irc]}'];
  bundle('post', [['action: "{{ inputs.channel }}.send"']], inputs);
  const report = await project.call('workflows.validate', { ref: 'post' });
  expect(report).toMatchObject({ valid: true, missing: [] });
  expect(report.warnings.map(({ message }) => message)).toEqual(['Required tool not available: irc']);
  const runId = await project.run('post');
  expect((await project.call('runs.get', { runId })).run.status).toBe('completed');
  expect(await refusal('post', { channel: 'irc' })).toMatchObject({
    message: expect.stringContaining('Required tool not available: irc'),
  });
});

it('a free name without a default is no error of the file; a start with a tool that is there runs', async () => {
  bundle('free', [['action: "{{ inputs.channel }}.send"']], ['inputs: {channel: {type: string, required: true}}']);
  expect(await project.call('workflows.validate', { ref: 'free' })).toMatchObject({ valid: true, missing: [] });
  const runId = await project.run('free', { channel: 'slack' });
  expect((await project.call('runs.get', { runId })).run.status).toBe('completed');
  expect(await refusal('free', { channel: 'nowhere' })).toMatchObject({ code: 'workflow.invalid' });
});

it('a step that is switched off needs nothing', async () => {
  bundle('off', [['action: slack.send'], ['action: outlook.send', 'enabled: false']]);
  expect(await project.call('workflows.validate', { ref: 'off' })).toMatchObject({ valid: true, missing: [] });
  const runId = await project.run('off');
  expect((await project.call('runs.get', { runId })).run.status).toBe('completed');
});

it('a name that depends on an earlier step is checked when it is reached', async () => {
  bundle('late', [['action: workflow.set', 'inputs: {where: nowhere}'], ['action: "{{ where }}.send"']]);
  expect(await project.call('workflows.validate', { ref: 'late' })).toMatchObject({ valid: true, missing: [] });
  const runId = await project.run('late');
  const { run, steps } = await project.call('runs.get', { runId });
  expect(run.status).toBe('failed');
  expect(steps.map(({ status }) => status)).toEqual(['completed', 'failed']);
});
