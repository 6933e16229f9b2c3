import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportArchive, readBundle } from '../../src/core/bundles/index.ts';
import { projectPaths } from '../../src/core/projects/index.ts';
import { connectToHolder, findAppFolders, type HolderClient } from '../../src/server/index.ts';
import { type OpenedDoor, openDoor } from '../support/doors/index.ts';
import { killHelpers } from '../support/kill-helpers.ts';
import { type ModelServer, startModelServer } from '../support/model-server/index.ts';
import { EXAMPLES_DIR, REPOSITORY_DIR } from '../support/paths.ts';
import { SampleProject } from '../support/sample-project.ts';
import { check, checkOpened, checkZoomed, SIZES, show, untilStill, VIEWS } from '../support/screen-check.ts';
import { waitUntil } from '../support/wait-until.ts';

let project: SampleProject;
let opened: OpenedDoor;
let client: HolderClient;
let model: ModelServer;
const runs: Record<string, string> = {};

async function startRun(workflow: string): Promise<string> {
  const { runId } = await client.call('runs.start', { workflow, inputs: {} });
  return runId;
}

async function untilStatus(runId: string, statuses: readonly string[]): Promise<void> {
  await waitUntil(`${runId} is ${statuses.join(' or ')}`, async () =>
    statuses.includes((await client.call('runs.get', { runId })).run.status),
  );
}

/** Two agents, a tool server and the steps that use them. */
function addAgents(): void {
  const file = (name: string, text: string): void => {
    const path = join(project.path, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  };
  file(
    'aiworkflow.yaml',
    `version: "1.0"\nagent:\n  primary: openai\n  failover: {fallback_agents: [anthropic]}\n  configs:\n    openai: {api_base_url: "${model.openAiUrl}", model: gpt-4o-mini}\n`,
  );
  file(
    '.aiworkflow/tools/registry.yaml',
    'tools:\n  - {name: files, description: Files of the office, category: system, implementations: [{type: mcp}]}\n  - {name: weather, description: Forecasts, category: analytics, implementations: [{type: openapi, spec_path: weather.yaml}]}\n',
  );
  // By a name of the project's own: the pictures of the guide show no path of this machine.
  const server = join(REPOSITORY_DIR, 'node_modules', '@modelcontextprotocol', 'server-filesystem', 'dist', 'index.js');
  file('.aiworkflow/tools/mcp/files.mjs', `import ${JSON.stringify(pathToFileURL(server).href)};\n`);
  file('.aiworkflow/tools/mcp/files.yaml', 'server: {command: node, args: [.aiworkflow/tools/mcp/files.mjs, .]}\n');
  file(
    '.aiworkflow/tools/weather.yaml',
    'openapi: 3.0.3\ninfo: {title: Weather, version: "1"}\nservers: [{url: "https://weather.example"}]\npaths:\n  /forecast: {get: {operationId: forecast, responses: {"200": {description: ok}}}}\n',
  );
  project.addBundle('contract-check', {
    workflow: [
      '---',
      'workflow: {id: contract-check, name: Contract check, description: "Reads a contract and says what is unusual", tags: [legal]}',
      'requirements: {tools: [files]}',
      '---',
      '',
      '## Step 1: Judge the contract',
      '',
      '```yaml',
      'action: agent.run',
      'inputs: {task: "Say what is unusual in contract.md, in one paragraph."}',
      'output_variable: judgement',
      '```',
    ].join('\n'),
  });
  file('contract.md', '# Contract\n\nNotice period: 24 months. Price rises by 9 % a year.\n');
  cpSync(join(EXAMPLES_DIR, 'code-review'), join(project.path, '.aiworkflow', 'bundles', 'code-review'), {
    recursive: true,
  });
}

/** The run of an agent that reads a file before it answers. */
async function runContractCheck(): Promise<void> {
  await client.call('tools.refresh', { tool: 'files' });
  await client.call('agents.check', { name: 'openai' });
  const path = join(project.path, 'contract.md');
  model.script([
    {
      thinking: 'I have to read it first.',
      text: 'I read the contract.',
      toolCalls: [{ name: 'files__read_text_file', input: { path } }],
      usage: { inputTokens: 812, outputTokens: 64 },
    },
    {
      text: '**Two things are unusual.** The notice period is 24 months, which is long for a service, and the price rises by 9 % each year without a limit.',
      usage: { inputTokens: 1204, outputTokens: 96 },
    },
  ]);
  runs['contract-check'] = await startRun('contract-check');
  await untilStatus(runs['contract-check'] ?? '', ['completed', 'failed']);
}

beforeAll(async () => {
  project = new SampleProject();
  model = await startModelServer();
  addAgents();
  opened = await openDoor('browser', { projectPath: project.path, env: { OPENAI_API_KEY: 'sk-test-screens' } });
  await opened.page.emulateMedia({ reducedMotion: 'reduce' });
  const connected = await connectToHolder(projectPaths(project.path).stateDir, findAppFolders().version);
  if (connected === null) throw new Error('the host does not listen');
  client = connected;
  await runContractCheck();
  const demo = await client.call('runs.start', { workflow: 'code-review', inputs: {}, agent: 'demo' });
  runs['code-review'] = demo.runId;
  await untilStatus(demo.runId, ['completed', 'failed']);
  for (const workflow of ['csv-report', 'repo-audit', 'daily-standup', 'invoice-triage', 'dependency-report']) {
    runs[workflow] = await startRun(workflow);
    await untilStatus(runs[workflow] ?? '', ['completed', 'failed']);
  }
  runs['ledger-export'] = await startRun('ledger-export');
  const doubtful = runs['ledger-export'] ?? '';
  // Killed before its script began it would simply begin again: wait for its first word.
  await waitUntil('the second step works', async () => {
    const { total } = await client.call('runs.log', { runId: doubtful, path: 'step_2' });
    return total > 0;
  });
  expect(killHelpers(project.path)).toBeGreaterThan(0);
  await untilStatus(doubtful, ['in_doubt']);
});

afterAll(async () => {
  client?.close();
  await opened?.close();
  project?.remove();
  await model?.close();
});

const openAgentTab = (page: Page): Promise<void> => page.getByRole('tab', { name: /^Agent/ }).click();

const untilFound = (page: Page): Promise<void> =>
  page.getByRole('region', { name: 'Found in values and logs' }).locator('mark').first().waitFor();

interface Screen {
  readonly name: string;
  readonly route: () => string;
  readonly act?: (page: Page) => Promise<void>;
}

const SCREENS: readonly Screen[] = [
  { name: 'welcome', route: () => '#/welcome' },
  { name: 'workflows', route: () => '#/workflows' },
  { name: 'workflow', route: () => '#/workflows/ledger-export' },
  { name: 'workflow-broken', route: () => '#/workflows/vendor-onboarding' },
  { name: 'runs', route: () => '#/runs' },
  { name: 'runs-found', route: () => '#/runs?q=mail', act: untilFound },
  { name: 'run-live', route: () => `#/runs/${runs['backup-check']}` },
  { name: 'run-in-doubt', route: () => `#/runs/${runs['ledger-export']}` },
  { name: 'run-failed', route: () => `#/runs/${runs['invoice-triage']}` },
  { name: 'run-partial', route: () => `#/runs/${runs['daily-standup']}` },
  { name: 'run-completed', route: () => `#/runs/${runs['csv-report']}` },
  { name: 'run-agent', route: () => `#/runs/${runs['contract-check']}`, act: openAgentTab },
  { name: 'run-demo', route: () => `#/runs/${runs['code-review']}`, act: openAgentTab },
  { name: 'costs', route: () => '#/costs' },
  { name: 'agents', route: () => '#/agents' },
  { name: 'tools', route: () => '#/agents?tab=tools&tool=files&op=edit_file' },
];

describe('every screen, both sizes and themes', () => {
  it.each(SCREENS)('$name: no axe violation, nothing cut off', async ({ name, route, act }) => {
    const { page } = opened;
    if (name === 'run-live') runs['backup-check'] = await startRun('backup-check');
    for (const [size, theme] of VIEWS) {
      await show(page, route(), theme, size);
      await act?.(page);
      await untilStill(page);
      await check(page, `${name}-${theme}${size.name}`);
    }
  });
});

it('every screen at 200 % zoom, in compact rows: nothing scrolls sideways, nothing stands beyond the edge', async () => {
  const { page } = opened;
  const others = [
    'today',
    'today?view=table',
    'approvals',
    'triggers',
    'workers',
    'admin',
    'admin?tab=settings',
    'admin?tab=audit',
  ];
  const all = [
    ...SCREENS.map(({ name, route }) => [name, route()] as const),
    ...others.map((to) => [to, `#/${to}`] as const),
  ];
  for (const [name, route] of all) await checkZoomed(page, name.replaceAll(/[?=]/g, '-'), route);
  await page.evaluate(() => {
    document.documentElement.dataset.density = 'comfortable';
  });
});

it('the import sheet and a script in it: no axe violation, nothing cut off', async () => {
  const { page } = opened;
  const archive = join(project.root, 'csv-report.awb');
  await exportArchive(await readBundle(join(EXAMPLES_DIR, 'csv-report')), archive);
  await show(page, '#/workflows', 'light', SIZES[0]);
  await page.locator('input[data-pick="archive"]').setInputFiles(archive);
  const sheet = page.getByRole('dialog');
  await sheet.getByText('tools/sales.mjs').first().waitFor();
  await checkOpened(page, 'import');
  await sheet.getByRole('button', { name: 'Read tools/sales.mjs' }).first().click();
  await page.getByRole('region', { name: 'Content of tools/sales.mjs' }).waitFor();
  await checkOpened(page, 'import-script');
  await page.keyboard.press('Escape');
  await sheet.getByRole('button', { name: 'Do not import' }).click();
  await sheet.waitFor({ state: 'detached' });
});

it('the palette over a run: no axe violation, nothing cut off', async () => {
  const { page } = opened;
  await show(page, `#/runs/${runs['invoice-triage']}`, 'light', SIZES[0]);
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').getByRole('option', { name: 'Retry this run from the failed step' }).waitFor();
  await checkOpened(page, 'palette');
  await page.keyboard.press('Escape');
});

it('settings that cannot be used: no axe violation, nothing cut off', async () => {
  const broken = new SampleProject();
  writeFileSync(join(broken.path, 'aiworkflow.yaml'), 'agent: {primary: demo}\nfeatures: {mcp_bridge: perhaps}\n');
  const door = await openDoor('browser', { projectPath: broken.path });
  try {
    await door.page.emulateMedia({ reducedMotion: 'reduce' });
    await show(door.page, '#/workflows', 'light', SIZES[0]);
    await door.page.getByText('The settings cannot be used').waitFor();
    await checkOpened(door.page, 'settings-broken');
  } finally {
    await door.close();
    broken.remove();
  }
});
