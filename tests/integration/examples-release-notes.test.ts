import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ModelServer, startModelServer } from '../support/model-server/index.ts';
import { type ExampleRun, type ExampleWorld, openExample } from '../support/run-example.ts';

/** The second bundle with agents: retry, condition, fallback outputs and failover, with real processes and real requests. */
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
  const world = await openExample('release-notes', settings);
  worlds.push(world);
  return world;
}

const DATE = ['-i', 'date=2026-03-20'];
const stepOf = ({ result }: ExampleRun, number: number): ExampleRun['result']['step_results'][number] => {
  const step = result.step_results.find((one) => one.path === `step_${number}`);
  if (step === undefined) throw new Error(`there is no step ${number}`);
  return step;
};

describe('with the demo agent', () => {
  it('writes notes, changelog and version: compared word for word', async () => {
    const world = await open();
    const ran = await world.run('--agent', 'demo', ...DATE);
    expect(ran.exitCode).toBe(0);
    expect(ran.outputs).toEqual({
      version: '5.0.0',
      changes: 14,
      breaking: 2,
      left_out: 0,
      notes_file: 'RELEASE_NOTES.md',
      changelog_file: 'CHANGELOG.md',
      release_file: 'release.json',
    });
    await expect(ran.file('RELEASE_NOTES.md')).toMatchFileSnapshot('./golden/release-notes.md');
    await expect(ran.file('CHANGELOG.md')).toMatchFileSnapshot('./golden/release-notes.changelog.md');
    expect(ran.file('RELEASE_NOTES.md')).toContain('demo');
  });

  it('comes back to the tracker until it has all pages', async () => {
    const world = await open();
    const ran = await world.run('--agent', 'demo', ...DATE);
    expect(stepOf(ran, 1)).toMatchObject({ status: 'completed', retries: 1 });
    expect(ran.file('tracker-pages.json').match(/"number":/g)).toHaveLength(18);
  });

  it('asks for no steps before an update where nothing breaks, and raises the number that is named', async () => {
    const world = await open();
    const page = JSON.stringify({
      page: 1,
      pages: 1,
      pull_requests: [
        {
          number: 7,
          title: 'fix: A typo',
          author: 'mira',
          labels: [],
          body: 'Closes #3.',
          merged_at: '2026-03-01T09:00:00Z',
        },
      ],
    });
    world.cli.write({ 'tracker/page-1.json': page });
    const args = ['--agent', 'demo', '-i', `tracker=${world.cli.project}/tracker`, ...DATE];
    const ran = await world.run(...args);
    expect(ran.outputs).toMatchObject({ version: '4.7.3', changes: 1, breaking: 0 });
    expect(stepOf(ran, 3)).toMatchObject({ status: 'skipped' });
    expect((await world.run(...args, '-i', 'level=minor')).outputs).toMatchObject({ version: '4.8.0' });
  });
});

describe('with a model', () => {
  const settings = (primaryUrl: string): readonly string[] => [
    'agent:',
    '  primary: openai',
    '  configs:',
    `    openai: {api_base_url: "${primaryUrl}", model: gpt-4o}`,
    `    ollama: {api_base_url: "${model.url}", model: llama3}`,
  ];

  it('leaves out what the model made up and adds what it forgot', async () => {
    model.script([
      { json: { steps: [{ number: 418, text: 'Switch the format to CAMT.053.' }] } },
      {
        json: {
          headline: 'Statements and colours',
          highlights: [
            { number: 412, text: 'Dark colours.' },
            { number: 999, text: 'Flying cars.' },
            { number: 424, text: 'Search, as in #31337.' },
          ],
        },
      },
    ]);
    const world = await open(settings(model.openAiUrl));
    const ran = await world.run(...DATE);
    expect(ran.outputs).toMatchObject({ left_out: 2, breaking: 2 });
    const notes = ran.file('RELEASE_NOTES.md');
    expect(notes).toContain('- Dark colours. (#412)');
    expect(notes).toContain('1. Switch the format to CAMT.053. (#418)');
    expect(notes).toContain('2. make new tokens under Settings');
    expect(notes).not.toMatch(/Flying cars|31337/);
    expect(stepOf(ran, 6)).toMatchObject({ status: 'completed' });
  });

  it('goes to the fallback agent when the first one is gone, and the run, its costs and its steps agree about it', async () => {
    model.script([
      { json: { steps: [] }, usage: { inputTokens: 500, outputTokens: 50 } },
      { json: { headline: 'From the second agent', highlights: [] }, usage: { inputTokens: 500, outputTokens: 50 } },
    ]);
    // Nobody listens on port 9 of loopback: the connection is refused at once.
    const world = await open(settings('http://127.0.0.1:9/v1'));
    const ran = await world.run(...DATE);
    expect(ran.outputs).toMatchObject({ version: '5.0.0' });
    expect(ran.file('RELEASE_NOTES.md')).toContain('From the second agent');
    expect(stepOf(ran, 3).metadata).toMatchObject({ agent_used: 'ollama', agents_tried: ['openai', 'ollama'] });
    expect(stepOf(ran, 4).metadata).toMatchObject({ agent_used: 'ollama' });
    const log = await world.cli.run('runs', 'log', ran.result.run_id);
    expect(log.stdout).toContain("Failing over from 'openai' to 'ollama'");
    const costs = (await world.cli.run('--json', 'costs', 'summary')).json<{
      by_agent: { name: string; cost: string }[];
    }>();
    expect(costs.by_agent).toEqual(expect.arrayContaining([expect.objectContaining({ name: 'ollama', cost: '0' })]));
  });

  it('writes notes without highlights when no agent can', async () => {
    model.script(() => ({ status: 400, body: { error: { message: 'no' } } }));
    const world = await open(settings(model.openAiUrl));
    const ran = await world.run(...DATE);
    expect(ran.result).toMatchObject({ status: 'completed', outcome: 'partial', steps_failed: 2 });
    const notes = ran.file('RELEASE_NOTES.md');
    expect(notes).toContain('All changes since the last version are listed below.');
    expect(notes).toContain('make new tokens under Settings');
  });
});
