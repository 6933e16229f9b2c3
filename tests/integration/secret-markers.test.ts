import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { LocalProject } from '../support/local-project.ts';

const VALUE = 'sk-planted-7q9z';
/** What stands for a secret in the run itself; nobody else needs its sign. */
const SIGNED = /\[secret:TOKEN:[0-9a-f]{32}\]/;
const TOOL = `#!/usr/bin/env bash
[ "$AIWORKFLOW_PARAM_KEY" = "${VALUE}" ] && echo '{"got": "the value"}' || echo '{"got": "something else"}'
`;
const project = new LocalProject([], { isHost: true });

beforeAll(async () => {
  vi.stubEnv('AIWORKFLOW_MASTER_KEY', 'correct horse battery');
  project.write('.aiworkflow/bundles/call/tools/take.sh', TOOL);
  project.write('.aiworkflow/bundles/call/config.yaml', 'name: call\n');
  const steps = [
    ['action: workflow.set', 'inputs:', '  held: "Bearer {{ secrets.TOKEN }}"', '  bare: "{{ secrets.TOKEN }}"'],
    ['action: workflow.log', 'inputs:', '  message: "with {{ held }}"'],
    ['action: take.run', 'inputs:', '  key: "{{ bare }}"', 'output_variable: told'],
    ['action: workflow.set_outputs', 'inputs:', '  said: "{{ told.got }}"', '  held: "{{ held }}"'],
  ].map((lines, at) => `\n## Step ${at + 1}: S${at + 1}\n\n\`\`\`yaml\n${lines.join('\n')}\n\`\`\`\n`);
  project.write(
    '.aiworkflow/bundles/call/workflow.md',
    `---\nworkflow:\n  id: call\n  name: call\n  version: 1.0.0\n---\n\n# call\n${steps.join('')}`,
  );
  await project.call('secrets.set', { name: 'TOKEN', value: VALUE, allowed: ['call'] });
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await project.close();
});

it('a run knows its secrets by signed markers; whoever looks at it sees their names alone', async () => {
  const heard: unknown[] = [];
  const stop = (await project.center()).subscribe((batch) => heard.push(batch));
  const runId = await project.run('call');
  stop();
  const { run, steps } = await project.call('runs.get', { runId });
  expect(run.error).toBeNull();
  expect(run.status).toBe('completed');
  const shown = {
    list: await project.call('runs.list', {}),
    run: await project.call('runs.get', { runId }),
    details: await Promise.all(steps.map(({ path }) => project.call('runs.step', { runId, path }))),
    events: await project.call('runs.events', { runId }),
    log: await project.call('runs.log', { runId }),
    text: await project.call('runs.logText', { runId }),
    result: await project.call('runs.result', { runId }),
    audit: await project.call('audit.query', {}),
    heard,
  };
  for (const [where, what] of Object.entries(shown)) expect(JSON.stringify(what), where).not.toMatch(SIGNED);
  for (const where of ['details', 'events', 'log', 'text', 'result'] as const)
    expect(JSON.stringify(shown[where]), where).toContain('Bearer [secret:TOKEN]');
  // The run itself has the sign: the variable became the value at the call.
  expect(JSON.stringify(shown.result)).toContain('the value');
  expect(JSON.stringify(shown)).not.toContain(VALUE);
});
