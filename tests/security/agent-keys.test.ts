import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LocalProject } from '../support/local-project.ts';
import { type ModelServer, startModelServer } from '../support/model-server/index.ts';

/** Keys of agents: which variables may be one, and where the value of one may stand. */
let model: ModelServer;
let project: LocalProject;
const KEYS = { HOUSE_LLM: 'Qz7v', LONGER_LLM: 'wq-81-mfk', AWS_SECRET_ACCESS_KEY: 'aws-secret-value-0042' };

beforeAll(async () => {
  model = await startModelServer();
  Object.assign(process.env, KEYS, { AIWORKFLOW_AGENT_KEYS: 'HOUSE_LLM, LONGER_LLM' });
  const agent = (name: string, key: string): string =>
    `    ${name}: {provider: openai, api_base_url: "${model.openAiUrl}", model: m, api_key: ${key}}`;
  const settings = [agent('short', 'HOUSE_LLM'), agent('long', 'LONGER_LLM'), agent('cloud', 'AWS_SECRET_ACCESS_KEY')];
  project = new LocalProject([
    'agent:',
    '  primary: short',
    '  configs:',
    ...settings,
    `    claude-code: {api_base_url: "${model.url}", api_key: AWS_SECRET_ACCESS_KEY}`,
    `    opencode: {api_base_url: "${model.url}", api_key: AWS_SECRET_ACCESS_KEY}`,
  ]);
});
afterAll(async () => {
  await project.close();
  await model.close();
});
beforeEach(() => model.reset());

const ask = (agent: string): void =>
  project.addWorkflow(`ask-${agent}`, [
    ['action: agent.run', `agent: ${agent}`, 'prompt: Hello', 'output_variable: said', 'retry: 0'],
    ['action: workflow.set_outputs', 'inputs: {said: "{{ said }}"}'],
  ]);

/** Every byte below the state of the project, write-ahead logs included. */
function stored(folder = join(project.path, '.aiworkflow', 'state')): string {
  return readdirSync(folder)
    .map((name) => {
      const path = join(folder, name);
      return statSync(path).isDirectory() ? stored(path) : readFileSync(path, 'latin1');
    })
    .join('\n');
}

describe('a key that an agent uses', () => {
  it.each([
    ['short', 'HOUSE_LLM'],
    ['long', 'LONGER_LLM'],
  ] as const)('is never kept, whatever its name and length: %s (%s)', async (agent, name) => {
    const key = KEYS[name];
    model.script(({ headers }) => ({
      thinking: `I was given ${headers.authorization}, yes.`,
      text: `My key is ${headers.authorization?.replace('Bearer ', '')} as you know.`,
    }));
    ask(agent);
    const runId = await project.run(`ask-${agent}`);
    expect(model.questions()[0]?.headers.authorization).toBe(`Bearer ${key}`);
    const view = await project.call('runs.get', { runId });
    expect(view.outputs.said).toBe('My key is [redacted] as you know.');
    const talk = await project.call('runs.conversation', { runId });
    const shown = talk.entries.map(({ item }) => ('text' in item ? item.text : '')).join('');
    expect(shown).toContain('My key is [redacted] as you know.');
    expect(JSON.stringify([view, talk, await project.call('agents.list', {})])).not.toContain(key);
    expect(stored()).not.toContain(key);
  });

  it('is not repeated by an error of its server', async () => {
    model.script(({ headers }) => ({ status: 400, body: { error: { message: `bad ${headers.authorization}` } } }));
    const { steps } = await project.call('runs.get', { runId: await project.run('ask-long') });
    expect(steps[0]?.error?.message).toContain('bad Bearer');
    expect(JSON.stringify(steps) + stored()).not.toContain(KEYS.LONGER_LLM);
  });
});

describe('a variable that nobody declared as a key of agents', () => {
  it.each(['cloud', 'claude-code', 'opencode'])('goes nowhere, whatever a settings file says: %s', async (agent) => {
    ask(agent);
    const { run, steps } = await project.call('runs.get', { runId: await project.run(`ask-${agent}`) });
    expect(run.status).toBe('failed');
    expect(steps[0]?.error).toMatchObject({ code: 'agent.not_configured' });
    expect(steps[0]?.error?.hint).toContain('AIWORKFLOW_AGENT_KEYS');
    expect(model.requests).toEqual([]);
  });
});
