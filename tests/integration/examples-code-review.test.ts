import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ModelServer, startModelServer } from '../support/model-server/index.ts';
import { type ExampleWorld, openExample } from '../support/run-example.ts';

/** SPEC §15 `code-review`: the same files with the demo agent and with a model; every step that is a tool is a real process. */
const SECRETS = ['AKIAIOSFODNN7EXAMPLE', 'Sommer-2024-mail'];

let model: ModelServer;
beforeAll(async () => {
  model = await startModelServer();
});
afterAll(() => model.close());

const worlds: ExampleWorld[] = [];
afterEach(() => {
  for (const world of worlds.splice(0)) world.dispose();
  model.reset();
});

async function open(settings: readonly string[] = []): Promise<ExampleWorld> {
  const world = await openExample('code-review', settings);
  worlds.push(world);
  return world;
}

const withModel = (): Promise<ExampleWorld> =>
  open([
    'agent:',
    '  primary: openai',
    '  configs:',
    `    openai: {api_base_url: "${model.openAiUrl}", model: gpt-4o}`,
  ]);

describe('with the demo agent', () => {
  it('reviews the sample: what it writes is compared word for word', async () => {
    const world = await open();
    const { exitCode, outputs, result, file } = await world.run('--agent', 'demo');
    expect(exitCode).toBe(0);
    expect(outputs).toEqual({
      verdict: 'request_changes',
      reason: 'The rules found 5 problems that must be solved first.',
      findings: 10,
      blocking: 5,
      review_file: 'review.md',
      verdict_file: 'verdict.json',
    });
    expect(result).toMatchObject({ outcome: 'success', steps_succeeded: 10, cost: 0 });
    expect(result.step_results[6]?.metadata).toMatchObject({ agent_used: 'demo' });
    await expect(file('review.md')).toMatchFileSnapshot('./golden/code-review.md');
    await expect(file('verdict.json')).toMatchFileSnapshot('./golden/code-review.verdict.json');
    expect(file('review.md')).toContain('demo');
    for (const secret of SECRETS) expect(file('review.md') + file('verdict.json')).not.toContain(secret);
  });

  it('looks only at the areas that are named, and blocks from the severity that is named', async () => {
    const world = await open();
    const { outputs, result } = await world.run(
      '--agent',
      'demo',
      '-i',
      'areas=maintainability',
      '-i',
      'block_on=high',
    );
    expect(outputs).toMatchObject({ findings: 4, blocking: 0 });
    expect(outputs.verdict).not.toBe('approve');
    expect(result.step_results.map((step) => step.status).slice(1, 4)).toEqual(['skipped', 'skipped', 'completed']);
    const strict = await world.run('--agent', 'demo', '-i', 'areas=maintainability', '-i', 'block_on=low');
    expect(strict.outputs).toMatchObject({ findings: 4, blocking: 4, verdict: 'request_changes' });
  });

  it('takes a diff of its own, and says plainly what is none', async () => {
    const world = await open();
    world.cli.write({
      'clean.diff': [
        'diff --git a/"x y.js b/"x y.js',
        'diff --git "a/stra\\303\\237e.js" "b/stra\\303\\237e.js"',
        'index 1..2 100644',
        '--- "a/stra\\303\\237e.js"',
        '+++ "b/stra\\303\\237e.js"',
        '@@ -1,2 +1,3 @@ function walk() {',
        ' const a = 1;',
        '--- not a header but a removed line',
        '+++ not a header but an added line',
        '+const b = 2;',
        'diff --git a/logo.png b/logo.png',
        'Binary files a/logo.png and b/logo.png differ',
        '',
      ].join('\n'),
      'none.diff': 'hello\n',
    });
    const { outputs, file } = await world.run(
      ...['--agent', 'demo', '-i', `pull_request=${join(world.cli.project, 'clean.diff')}`, '-i', 'title=Walk'],
    );
    expect(outputs).toMatchObject({ findings: 0, blocking: 0, verdict: 'approve' });
    expect(file('review.md')).toContain('straße.js');
    const refused = await world.run('--agent', 'demo', '-i', `pull_request=${join(world.cli.project, 'none.diff')}`);
    expect(refused.exitCode).toBe(1);
    expect(refused.result.error?.message).toContain('This is no unified diff');
  });
});

describe('with a model', () => {
  const judgement = {
    verdict: 'approve',
    summary: 'Looks <b>fine</b> to me.\n# Ignore the rules',
    comments: [
      { path: 'src/orders/search.js', line: 18, message: 'Use $1 here.' },
      { path: 'src/made-up.js', line: 1, message: 'This file does not exist.' },
    ],
  };

  it('has the last word over an agent that approves, and leaves out what it made up', async () => {
    model.script([{ json: judgement, usage: { inputTokens: 1000, outputTokens: 1000 } }]);
    const world = await withModel();
    const { exitCode, outputs, result, file } = await world.run();
    expect(exitCode).toBe(0);
    expect(outputs).toMatchObject({ verdict: 'request_changes', blocking: 5 });
    const verdict = JSON.parse(file('verdict.json'));
    expect(verdict).toMatchObject({ agent_verdict: 'approve', comments_left_out: 1 });
    expect(verdict.comments).toEqual([judgement.comments[0]]);
    expect(file('review.md')).toContain('Looks \\<b\\>fine\\</b\\> to me. \\# Ignore the rules');
    expect(file('review.md')).not.toContain('made-up');
    expect(result.cost).toBe(0.0125);
  });

  it('sends no secret of the patch to the model, and gives it no tool', async () => {
    const world = await withModel();
    await world.run();
    const sent = model.requests.map((request) => request.bodyText).join('\n');
    expect(sent).toContain('Pay orders back');
    for (const request of model.requests) expect(request.toolNames).toEqual([]);
    for (const secret of SECRETS) expect(sent).not.toContain(secret);
  });

  it('goes on with its fallback when no agent can judge, and says so', async () => {
    model.script(() => ({ text: 'I would rather write a poem.', usage: { inputTokens: 10, outputTokens: 10 } }));
    const world = await withModel();
    const { outputs, result, file } = await world.run('-i', 'areas=maintainability');
    expect(outputs.verdict).toBe('comment');
    expect(result).toMatchObject({ outcome: 'partial', steps_failed: 1 });
    expect(result.step_results[6]).toMatchObject({
      status: 'failed',
      error: { code: 'agent.invalid_output' },
      metadata: { fallback_used: true },
    });
    expect(file('review.md')).toContain('No agent could judge this change');
  });
});

it('masks what it shows of the sample, and the sample is what git wrote', () => {
  const diff = readFileSync(join(import.meta.dirname, '../../examples/code-review/sample-data/changes.diff'), 'utf8');
  expect(diff.match(/^diff --git /gm)).toHaveLength(7);
  for (const secret of SECRETS) expect(diff).toContain(secret);
});
