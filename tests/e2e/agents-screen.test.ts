import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page, Request, Route } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AgentProject } from '../support/agent-project.ts';
import { axeViolations } from '../support/axe-violations.ts';
import { type OpenedDoor, openDoor } from '../support/doors/index.ts';
import { type ModelServer, startModelServer } from '../support/model-server/index.ts';
import { REPOSITORY_DIR } from '../support/paths.ts';
import { waitUntil } from '../support/wait-until.ts';

const KEY = 'sk-planted-screen-4711';
const DESCRIBED_SERVER = join(REPOSITORY_DIR, 'tests', 'support', 'mcp', 'described-server.mjs');

let model: ModelServer;
let project: AgentProject;
let opened: OpenedDoor | null = null;
let page: Page;

beforeEach(async () => {
  model = await startModelServer();
  project = new AgentProject([
    'agent:',
    '  primary: demo # for now',
    '  configs:',
    `    openai: {api_base_url: "${model.openAiUrl}", model: gpt-4o-mini}`,
  ]);
});
afterEach(async () => {
  await opened?.close();
  opened = null;
  await project.remove();
  await model.close();
});

async function open(): Promise<void> {
  opened = await openDoor('browser', { projectPath: project.path, home: project.home, env: { OPENAI_API_KEY: KEY } });
  page = opened.page;
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.getByRole('link', { name: 'Agents & tools' }).click();
  await page.getByRole('heading', { name: 'Agents & tools', level: 1 }).waitFor();
}

async function expectNoAxeViolation(where: string): Promise<void> {
  expect(await axeViolations(page), where).toEqual([]);
}

/** The row of an agent; its name is a link in it. */
const row = (name: string): Locator =>
  page.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) });
const pane = (name: string): Locator => page.getByRole('complementary', { name: `Agent ${name}` });

describe('agents', () => {
  it('are shown as they are, checked, and one is made primary and back again', async () => {
    await open();
    await row('demo').getByText('Primary').waitFor();
    await row('demo').getByText('answers without a model').waitFor();
    await row('openai').getByText('Not checked').waitFor();
    expect(model.requests).toEqual([]);

    await page.getByRole('link', { name: 'openai', exact: true }).click();
    await pane('openai').getByText('OPENAI_API_KEY').waitFor();
    expect(await page.content()).not.toContain(KEY);
    await pane('openai').getByRole('button', { name: 'Check' }).click();
    await row('openai').getByText('Healthy', { exact: true }).waitFor();
    await expectNoAxeViolation('agents');

    await pane('openai').getByRole('button', { name: 'Make primary' }).click();
    await row('openai').getByText('Primary').waitFor();
    expect(project.read('aiworkflow.yaml')).toContain('primary: openai # for now');
    await pane('openai').getByText('It is the primary agent.').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await row('demo').getByText('Primary').waitFor();
    expect(project.read('aiworkflow.yaml')).toContain('primary: demo # for now');
  });
});

describe('the welcome of a fresh project', () => {
  it('does not take somebody away who has gone on meanwhile', async () => {
    opened = await openDoor('browser', { projectPath: project.path, home: project.home });
    page = opened.page;
    await page.getByRole('heading', { name: 'Welcome', level: 1 }).waitFor();
    await page.getByText('answers without a model', { exact: true }).waitFor();
    await expectNoAxeViolation('welcome');
    const isLibrary = (request: Request): boolean => request.postData()?.includes('"workflows.list"') === true;
    const held: Route[] = [];
    let isHolding = true;
    await page.route(/\/api\/call$/, async (route) => {
      if (isHolding && isLibrary(route.request())) held.push(route);
      else await route.continue();
    });
    // Even while the code of the chosen screen is on its way, the address is still the old one.
    const code: Route[] = [];
    await page.route(/agents-screen.*\.js$/, async (route) => {
      if (isHolding) code.push(route);
      else await route.continue();
    });
    await page.goto(new URL(page.url()).origin);
    await waitUntil('the library was asked for', () => held.length > 0);
    await page.getByRole('link', { name: 'Agents & tools' }).click();
    await waitUntil('the code of the screen was asked for', () => code.length > 0);
    const answered = page.waitForResponse((response) => isLibrary(response.request()));
    isHolding = false;
    for (const route of held) await route.continue();
    await (await answered).finished();
    for (const route of code) await route.continue();
    await row('demo').getByText('Primary').waitFor();
    // The palette's answer comes after it, over the same door.
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog', { name: 'Search and commands' }).waitFor();
    await page.keyboard.type('agent demo');
    await page.getByRole('option', { name: /Agent demo/ }).waitFor();
    await page.keyboard.press('Escape');
    await row('demo').getByText('Primary').waitFor();
  });
});

describe('agents', () => {
  it('say what is wrong and what to do, and which this version cannot run', async () => {
    await open();
    await model.close();
    await page.getByRole('link', { name: 'openai', exact: true }).click();
    await pane('openai').getByRole('button', { name: 'Check' }).click();
    await row('openai').getByText('Unhealthy').waitFor();
    await pane('openai').getByText('Details').click();
    await pane('openai')
      .getByText(/^agent\./)
      .waitFor();

    await page.getByRole('link', { name: 'codex', exact: true }).click();
    await pane('codex').getByText('This version cannot run this agent.').waitFor();
    expect(await pane('codex').getByRole('button', { name: 'Make primary' }).count()).toBe(0);
    await expectNoAxeViolation('planned agent');
  });

  it('are found and checked from the palette by keys alone', async () => {
    await open();
    await page.keyboard.press('Alt+2');
    await page.getByRole('heading', { name: 'Workflows', level: 1 }).waitFor();
    await page.keyboard.press('Control+k');
    const dialog = page.getByRole('dialog', { name: 'Search and commands' });
    await dialog.waitFor();
    await page.keyboard.type('agent openai');
    await dialog.getByRole('option', { name: /Agent openai/, selected: true }).waitFor();
    await page.keyboard.press('Enter');
    await pane('openai').waitFor();
    await page.keyboard.press('Control+k');
    await dialog.waitFor();
    await page.keyboard.type('check all');
    await dialog.getByRole('option', { name: /Check all agents/, selected: true }).waitFor();
    await page.keyboard.press('Enter');
    await row('openai').getByText('Healthy', { exact: true }).waitFor();
    await page.keyboard.press('Alt+3');
    await page.getByRole('heading', { name: 'Runs', level: 1 }).waitFor();
    await page.keyboard.press('Alt+6');
    await page.getByRole('heading', { name: 'Agents & tools', level: 1 }).waitFor();
  });
});

/** A tool `desk` whose server says what `define` wrote last. */
function writeDesk(): { readonly define: (tools: readonly object[]) => void; readonly wasStarted: () => boolean } {
  const definitions = join(project.root, 'definitions.json');
  const started = join(project.root, 'started');
  const args = JSON.stringify([DESCRIBED_SERVER, definitions, started]);
  project.write(
    '.aiworkflow/tools/registry.yaml',
    'tools:\n  - {name: desk, description: Letters of the office, category: communication, implementations: [{type: mcp}]}\n',
  );
  project.write(
    '.aiworkflow/tools/mcp/desk.yaml',
    `server: {command: ${JSON.stringify(process.execPath)}, args: ${args}}\n`,
  );
  return {
    define: (tools) => writeFileSync(definitions, JSON.stringify(tools)),
    wasStarted: () => existsSync(started),
  };
}

const POST = {
  name: 'post',
  description: 'Posts a letter',
  inputSchema: {
    type: 'object',
    required: ['to', 'pages'],
    properties: {
      to: { type: 'string', minLength: 2, description: 'Who gets it' },
      pages: { type: 'integer', minimum: 1, maximum: 20 },
      kind: { enum: ['plain', 'registered'], default: 'plain' },
      copies: { type: 'array', items: { type: 'object', properties: { to: { type: 'string' } }, required: ['to'] } },
    },
  },
};

describe('tools', () => {
  it('nothing starts by looking; read, tried in a form, changed, accepted', async () => {
    const desk = writeDesk();
    desk.define([POST, { name: 'look', annotations: { readOnlyHint: true } }]);
    await open();
    await page.getByRole('tab', { name: /^Tools/ }).click();
    const list = page.getByRole('listbox', { name: 'Tools' });
    await list.getByRole('option', { name: /desk/ }).getByText('Not asked yet').waitFor();
    const tool = page.getByRole('region', { name: 'Tool desk' });
    await tool.getByText('Its operations are not known yet.').waitFor();
    expect(desk.wasStarted()).toBe(false);

    await tool.getByRole('button', { name: 'Read its operations' }).click();
    await tool.getByRole('option', { name: /post/ }).waitFor();
    await list.getByText('Server runs').waitFor();
    await tool.getByText(/process \d+/).waitFor();
    await expectNoAxeViolation('tool');

    // What only reads does not warn of a change.
    await tool.getByRole('option', { name: /look/ }).click();
    await tool.getByRole('form', { name: 'Try look' }).getByText('This call changes nothing.').waitFor();
    await tool.getByRole('option', { name: /post/ }).click();
    const form = tool.getByRole('form', { name: 'Try post' });
    await form.getByLabel('Pages').fill('40');
    await form.getByRole('button', { name: 'Call it' }).click();
    await form.getByText('Enter a value').waitFor();
    await form.getByText('Enter a whole number from 1 to 20').waitFor();
    await form.getByLabel('To', { exact: true }).fill('Ada');
    await form.getByLabel('Pages').fill('4');
    await form.getByRole('button', { name: 'Add to Copies' }).click();
    await form
      .getByRole('group', { name: /Copies/ })
      .getByLabel('To')
      .fill('Ben');
    await form.getByRole('button', { name: 'Call it' }).click();
    const ask = page.getByRole('dialog', { name: 'Call desk.post?' });
    await ask.getByText('"Ben"').waitFor();
    await expectNoAxeViolation('before a call');
    await ask.getByRole('button', { name: 'Call it' }).click();
    await form.getByText('called post').waitFor();
    await form.getByText('Answered').waitFor();

    desk.define([
      { ...POST, description: 'Posts it somewhere else' },
      { name: 'shred' },
      { name: 'burn', inputSchema: 'none' },
    ]);
    await tool.getByRole('button', { name: 'Stop server' }).click();
    await tool.getByText('It does not run.').waitFor();
    await tool.getByRole('button', { name: 'Refresh' }).click();
    await tool.getByText('This tool says something else about itself than what was accepted.').waitFor();
    await tool.getByText('1 new').waitFor();
    await tool.getByText('1 gone').waitFor();
    await tool.getByText('Its definitions have changed: accept them first.').waitFor();
    await list.getByText('Changed').waitFor();
    await tool.getByRole('button', { name: 'Accept these definitions' }).click();
    const accept = page.getByRole('dialog', { name: 'Accept what desk says now?' });
    await accept.getByText('Posts it somewhere else').waitFor();
    await accept.getByText(POST.description, { exact: true }).waitFor();
    await expectNoAxeViolation('changed definitions');
    await accept.getByRole('button', { name: 'Accept these definitions' }).click();
    await tool.getByText('1 new').waitFor({ state: 'detached' });
    await tool.getByRole('option', { name: /shred/ }).waitFor();
    await tool.getByText('1 operation of this tool cannot be used.').waitFor();
    await tool.getByText('inputSchema: expected object, received string').waitFor();
  });
});

describe('tools', () => {
  it('show their error, what a test found, and what a filter hides', async () => {
    project.write(
      '.aiworkflow/tools/registry.yaml',
      [
        'tools:',
        '  - {name: broken, implementations: [{type: mcp}]}',
        '  - {name: pages, implementations: [{type: openapi, spec_path: missing.yaml}]}',
      ].join('\n'),
    );
    project.write(
      '.aiworkflow/tools/mcp/broken.yaml',
      `server: {command: ${JSON.stringify(process.execPath)}, args: ["-e", "process.exit(3)"]}\n`,
    );
    await open();
    await page.getByRole('tab', { name: /^Tools/ }).click();
    await page.getByRole('option', { name: /broken/ }).click();
    const tool = page.getByRole('region', { name: 'Tool broken' });
    await tool.getByRole('button', { name: 'Test' }).click();
    await tool.getByText('The tool cannot be used as it is.').waitFor();
    await expectNoAxeViolation('failed test');
    await page.keyboard.press('/');
    await page.keyboard.type('nothing like this');
    await page.getByText('No tool matches this filter.').waitFor();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await page.getByRole('option', { name: /pages/ }).waitFor();
  });

  it('say how to get one where there is none', async () => {
    await open();
    await page.getByRole('tab', { name: /^Tools/ }).click();
    await page.getByText('This project has no tools of its own yet.').waitFor();
    await expectNoAxeViolation('no tools');
    project.write('.aiworkflow/tools/registry.yaml', 'tools: [{name: late, implementations: [{type: openapi}]}]\n');
    await waitUntil('the tool is listed', async () => {
      await page.reload();
      await page.getByRole('tab', { name: /^Tools/ }).click();
      return page
        .getByRole('option', { name: /late/ })
        .first()
        .waitFor({ timeout: 2_000 })
        .then(
          () => true,
          () => false,
        );
    });
  });
});
