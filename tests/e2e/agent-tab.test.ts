import { join } from 'node:path';
import type { Locator, Page, Route } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { projectPaths } from '../../src/core/projects/index.ts';
import type { ConversationItem } from '../../src/shared/model/agent.ts';
import { AgentProject } from '../support/agent-project.ts';
import { axeViolations } from '../support/axe-violations.ts';
import { type OpenedDoor, openDoor } from '../support/doors/index.ts';
import { openHarness } from '../support/engine-harness.ts';
import { type ModelServer, startModelServer } from '../support/model-server/index.ts';
import { REPOSITORY_DIR } from '../support/paths.ts';
import { openRun, openRuns, openWorkflow, pressRun, stepRow, untilShown } from '../support/run-page.ts';
import { untilStill } from '../support/screen-check.ts';
import { waitUntil } from '../support/wait-until.ts';

const ENV = { OPENAI_API_KEY: 'sk-test-openai-key', ANTHROPIC_API_KEY: 'sk-test-anthropic-key' };
const DESCRIBED_SERVER = join(REPOSITORY_DIR, 'tests', 'support', 'mcp', 'described-server.mjs');

let first: ModelServer;
let second: ModelServer;
let project: AgentProject;
let opened: OpenedDoor | null = null;
let page: Page;

beforeEach(async () => {
  [first, second] = await Promise.all([startModelServer(), startModelServer()]);
  project = new AgentProject([
    'agent:',
    '  primary: openai',
    '  failover: {fallback_agents: [anthropic]}',
    '  configs:',
    `    openai: {api_base_url: "${first.openAiUrl}", model: gpt-4o-mini}`,
    `    anthropic: {api_base_url: "${second.url}", model: claude-sonnet-4-20250514}`,
  ]);
});
afterEach(async () => {
  await opened?.close();
  opened = null;
  await project.remove();
  await Promise.all([first.close(), second.close()]);
});

async function open(): Promise<void> {
  opened = await openDoor('browser', { projectPath: project.path, home: project.home, env: ENV });
  page = opened.page;
  await page.emulateMedia({ reducedMotion: 'reduce' });
}
async function expectNoAxeViolation(where: string): Promise<void> {
  expect(await axeViolations(page), where).toEqual([]);
}
const showTab = (): Promise<void> => page.getByRole('tab', { name: /^Agent/ }).click();
const talk = (): Locator => page.getByRole('region', { name: 'Conversation of the agents' });
const stepPane = (): Locator => page.getByRole('complementary', { name: /^Step:/ });

function writeDesk(): void {
  const definitions = project.write('definitions.json', JSON.stringify([{ name: 'post', description: 'Posts' }]));
  const args = JSON.stringify([DESCRIBED_SERVER, definitions]);
  project.write('.aiworkflow/tools/registry.yaml', 'tools: [{name: desk, implementations: [{type: mcp}]}]\n');
  project.write(
    '.aiworkflow/tools/mcp/desk.yaml',
    `server: {command: ${JSON.stringify(process.execPath)}, args: ${args}}\n`,
  );
}

describe('the conversation of a run as it happens', () => {
  it('shows prompt, tool call, reply, tokens and cost as they happen', async () => {
    writeDesk();
    project.addWorkflow(
      'letters',
      [['action: agent.run', 'inputs: {task: "Write to Ada"}', 'output_variable: a']],
      ['requirements: {tools: [desk]}'],
    );
    const gate = Promise.withResolvers<void>();
    first.script([
      {
        text: 'I post it.',
        toolCalls: [{ name: 'desk__post', input: { to: 'Ada' } }],
        usage: { inputTokens: 900, outputTokens: 50 },
      },
      { text: 'The letter is **on its way**.', usage: { inputTokens: 1000, outputTokens: 500 }, until: gate.promise },
    ]);
    await open();
    await openWorkflow(page, 'letters');
    const runId = await pressRun(page);
    await page.getByRole('tab', { name: /^Agent/ }).waitFor();
    await showTab();
    await talk().getByText('Write to Ada').first().waitFor();
    await talk().getByText('desk.post').waitFor();
    await talk().getByText('on its way').waitFor();
    // Its last word is a piece of text, and nothing has ended yet.
    await page.locator('.logbar .liveness').getByText('writing').first().waitFor();
    await stepPane().locator('.liveness').getByText('writing').first().waitFor();
    await stepRow(page, 'desk.post').waitFor();
    // The first answer of the model is paid for while the second is on its way: 900 in and 50 out are 0.000165.
    await talk().getByText('900 in · 50 out').waitFor();
    await page.locator('.run-head').getByText('$0.0002').waitFor();
    gate.resolve();

    await untilShown(page, 'Completed');
    await page.locator('.liveness').first().waitFor({ state: 'detached' });
    await talk().getByText('gpt-4o-mini').first().waitFor();
    await talk().getByText('1,000 in · 500 out').waitFor();
    await talk().getByRole('button', { name: 'desk.post' }).click();
    await talk().getByText('called post').waitFor();
    await talk().getByText('"Ada"').waitFor();
    await expectNoAxeViolation('agent tab');

    // gpt-4o-mini: 1,900 in and 550 out are 0.000615.
    await page.locator('.run-head').getByText('$0.0006').waitFor();
    await page.locator('.run-head').getByText('openai').waitFor();
    await talk().getByRole('button', { name: 'Open its step' }).click();
    await page.getByRole('complementary', { name: 'Step: desk.post' }).waitFor();
    await stepRow(page, 'Part 1').click();
    await stepPane().getByText('1,900 in · 550 out').waitFor();
    await stepPane().getByText('2 calls').waitFor();

    await page.getByRole('tab', { name: /^Events/ }).click();
    await page.getByText(/a call of openai ended \(gpt-4o-mini, 1,000 in, 500 out, \$0\.0005\)/).waitFor();
    await openRuns(page);
    const row = page.locator('tr', { has: page.getByTitle(runId, { exact: true }) });
    await row.locator('.c-cost', { hasText: '$0.0006' }).waitFor();
    await row.getByText('openai').filter({ visible: true }).waitFor();
  });
});

describe('the conversation of a run', () => {
  it('tells how a step changed hands', async () => {
    project.addWorkflow('ask', [
      ['action: agent.run', 'inputs: {task: "Say something"}', 'max_retries: 0', 'output_variable: a'],
    ]);
    first.script([{ text: 'I begin to say something long', cut: 2 }]);
    second.script([{ text: 'Said by the second', usage: { inputTokens: 1000, outputTokens: 500 } }]);
    await open();
    await openWorkflow(page, 'ask');
    await pressRun(page);
    await untilShown(page, 'Completed');
    await showTab();
    await talk().getByText("Failing over from 'openai' to 'anthropic'").waitFor();
    await talk().getByText('Said by the second').waitFor();
    await stepPane().getByText('openai, anthropic').waitFor();
    await stepPane().getByText('anthropic took over from openai: it failed').waitFor();
    await stepRow(page, 'Part 1').getByText('anthropic').waitFor();
    await page.getByRole('tab', { name: /^Events/ }).click();
    await page.getByText('anthropic takes over from openai, it failed').waitFor();
    await expectNoAxeViolation('failover');
  });

  it('says Demo wherever the demo agent answered', async () => {
    project.write('aiworkflow.yaml', 'version: "1.0"\nagent: {primary: demo}\n');
    project.addWorkflow('sum-up', [
      ['action: agent.generate', 'inputs: {task: "Sum up", data: {total: 3}}', 'output_variable: a'],
      ['action: workflow.write_file', 'inputs: {path: sum.md, content: "{{ a }}"}'],
      ['action: workflow.set_outputs', 'inputs: {text: "{{ a }}"}'],
    ]);
    await open();
    await openWorkflow(page, 'sum-up');
    const runId = await pressRun(page);
    await untilShown(page, 'Completed');
    await page.locator('.run-head').getByText('Demo', { exact: true }).waitFor();
    await stepRow(page, 'Part 1').getByText('Demo').waitFor();
    await stepRow(page, 'Part 1').click();
    await stepPane().getByText('The demo agent did this step. It answers without a model.').waitFor();
    await stepPane().getByRole('button', { name: 'Show the conversation' }).click();
    await talk().getByText('Demo', { exact: true }).waitFor();
    await expectNoAxeViolation('demo');
    for (const name of [/^Result/, /^Files/]) {
      await page.getByRole('tab', { name }).click();
      await page.getByText('Some of this comes from the demo agent').waitFor();
    }
    await openRuns(page);
    const row = page.locator('tr', { has: page.getByTitle(runId, { exact: true }) });
    await row.getByText('Demo').filter({ visible: true }).waitFor();
    await row.locator('.c-cost', { hasText: '$0.00' }).waitFor();
  });

  it('of 6,000 entries opens, is followed, and never moves under a reader', async () => {
    project.write('aiworkflow.yaml', 'version: "1.0"\nagent: {primary: demo}\n');
    project.addWorkflow('sum-up', [['action: agent.generate', 'inputs: {task: "Sum up"}', 'output_variable: a']]);
    const client = await project.serve();
    const runId = await project.run(client, 'sum-up');
    await project.stop();
    const harness = openHarness({ dir: projectPaths(project.path).workflowStateDir });
    const item = (at: number): ConversationItem =>
      at % 2 === 0 ? { kind: 'text', text: `Paragraph ${at}` } : { kind: 'note', level: 'info', text: `Note ${at}` };
    for (let at = 1; at <= 6_000; at += 1)
      harness.store.conversations.append(runId, { at, path: 'step_1', attempt: 1, agent: 'demo', item: item(at) });
    harness.store.conversations.flush();
    await harness.close();

    await open();
    const later: Route[] = [];
    let isHeld = true;
    await page.route(/\/api\/call$/, async (route) => {
      const asked = route.request().postData() ?? '';
      if (isHeld && asked.includes('"runs.conversation"') && !asked.includes('"from":1,')) later.push(route);
      else await route.continue();
    });
    await openRun(page, runId);
    await showTab();
    await page.getByRole('tab', { name: /^Agent\s*6,0\d\d/ }).waitFor();
    await talk().getByText('Note 1', { exact: true }).waitFor();
    const nodes = await page.evaluate(() => document.querySelectorAll('*').length);
    expect(nodes).toBeLessThan(3_000);
    await talk().focus();
    // The end is asked for while the rest is still on its way: it is followed as it comes.
    await waitUntil('the second page was asked for', () => later.length > 0);
    await page.keyboard.press('End');
    await page.getByRole('switch', { name: 'Follow', checked: true }).waitFor();
    isHeld = false;
    for (const route of later) await route.continue();
    await talk().getByText('Paragraph 6000').waitFor();
    await talk().hover();
    await page.mouse.wheel(0, -600);
    await page.getByRole('switch', { name: 'Follow', checked: false }).waitFor();
    // The wheel may go on for some frames after the first of its scrolling was seen.
    await untilStill(page);
    const top = await talk().evaluate((box) => box.scrollTop);
    await page.getByRole('tab', { name: /^Agent/ }).focus();
    expect(await talk().evaluate((box) => box.scrollTop)).toBe(top);
    await page.getByRole('switch', { name: 'Follow' }).click();
    await talk().getByText('Paragraph 6000').waitFor();
  });
});
