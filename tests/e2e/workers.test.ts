import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, it } from 'vitest';
import type { HolderClient } from '../../src/server/index.ts';
import type { InputOf } from '../../src/shared/contract/index.ts';
import type { JsonMap } from '../../src/shared/json.ts';
import { type CliProcess, startCli } from '../support/cli-process.ts';
import { type OpenedDoor, openDoor } from '../support/doors/index.ts';
import { GatedProject, workStep } from '../support/gated-project.ts';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import { check, checkOpened, SIZES, show, VIEWS } from '../support/screen-check.ts';
import { waitUntil } from '../support/wait-until.ts';

/** The Workers screen over a real Redis, with three projects that work for this one, each a process of its own. */
let server: RedisServer;
let home: GatedProject;
let opened: OpenedDoor;
let page: Page;
let client: HolderClient;
const workers: { readonly project: GatedProject; readonly process: CliProcess }[] = [];

const INPUTS = 'inputs: {claim: {type: string, default: "2026-0874"}, amount: {type: integer, default: 1240}}';
const FLOWS = { 'invoice-triage': 'Invoice triage', 'customer-refunds': 'Customer refunds' } as const;

beforeAll(async () => {
  server = await startRedis();
  home = new GatedProject();
  for (const [id, name] of Object.entries(FLOWS))
    home.addBundle(id, { name, frontmatter: [INPUTS], steps: [workStep('one')] });
  const settings = `queue: {type: redis, redis_url: "${server.url}", concurrency: 0}`;
  writeFileSync(join(home.path, 'aiworkflow.yaml'), `version: "1.0"\n${settings}\n`);
  await server.stop();
  opened = await openDoor('browser', { projectPath: home.path, home: home.home, hasTriggers: true });
  page = opened.page;
  await page.emulateMedia({ reducedMotion: 'reduce' });
  client = await home.connect();
});
afterAll(async () => {
  client?.close();
  await opened?.close();
  for (const { project, process } of workers) {
    process.child.kill('SIGKILL');
    await process.exited;
    project.remove();
  }
  home.remove();
  await server.close();
});

async function startWorker(name: string): Promise<void> {
  const project = new GatedProject(undefined, { name });
  const bundles = join('.aiworkflow', 'bundles');
  cpSync(join(home.path, bundles), join(project.path, bundles), { recursive: true });
  const address = ['--type', 'redis', '--redis-url', server.url];
  const process = startCli(project, 'queue', 'worker', ...address, '--concurrency', '2');
  workers.push({ project, process });
  await process.untilSays('are run until');
}

const publish = (
  workflow: keyof typeof FLOWS,
  payload: JsonMap = {},
  more: Omit<InputOf<'queue.publish'>, 'workflow' | 'payload'> = {},
) => client.call('queue.publish', { workflow, payload, ...more });
const counts = async (which: InputOf<'queue.status'> = {}) => (await client.call('queue.status', which)).counts;
const region = (name: RegExp) => page.getByRole('region', { name });
const queues = () => region(/^Queues \d/);
const waiting = () => region(/^Waiting messages/);

describe('Workers', () => {
  it('says that the server is not there when the project is opened, and finds it once it is', async () => {
    await show(page, '#/workers', 'light', SIZES[0]);
    await queues()
      .getByText(/does not answer/)
      .waitFor();
    await waiting().getByText('What waits there waits on').waitFor();
    await page.getByText('Who takes messages there is known once the server answers.').waitFor();
    await checkOpened(page, 'workers-down');
    await server.start();
    await waiting().getByText('No message waits.').waitFor();
    await page.getByText('Nobody takes messages.').first().waitFor();
    await checkOpened(page, 'workers-empty');
  });

  it('gives the command that makes another computer a worker', async () => {
    await page.getByRole('button', { name: 'Start a worker' }).click();
    const dialog = page.getByRole('dialog', { name: /^Start a worker for/ });
    const command = `aiworkflow queue worker --type redis --redis-url ${server.url} --queue aiworkflow-default`;
    await dialog.getByText(command).waitFor();
    await dialog.getByRole('textbox', { name: 'Slots on this computer' }).fill('0');
    await dialog.getByText('A number from 1 to 1,000.').first().waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });

  it('shows three workers, what each is at, what waits and what is dead', async () => {
    for (const name of ['batch-01', 'batch-02', 'batch-03']) await startWorker(name);
    await publish('customer-refunds', { claim: '2026-0875', amount: '1.240,00' }, { priority: 'high' });
    await waitUntil('the dead letter', async () => (await counts()).deadLetter === 1);
    for (let at = 0; at < 6; at += 1) await publish(at % 3 === 2 ? 'customer-refunds' : 'invoice-triage');
    await waitUntil('all slots to be busy', async () => (await counts()).processing === 6);
    await publish('invoice-triage', {}, { priority: 'critical' });
    await publish('customer-refunds');
    await publish('invoice-triage', {}, { delayMs: 3_600_000, priority: 'low' });
    await show(page, '#/workers', 'light', SIZES[0]);
    for (const name of ['batch-01', 'batch-02', 'batch-03'])
      await page.getByRole('row', { name: new RegExp(`${name}.*Working.*2 of 2.*now`) }).waitFor();
    await page.getByText('1 queue, 3 workers · 6 of 6 slots busy').waitFor();
    await waiting()
      .getByRole('row', { name: /Customer refunds/ })
      .waitFor();
    await waiting().getByText('Its sender wants it not before').waitFor();
    for (const [size, theme] of VIEWS) {
      await show(page, '#/workers', theme, size);
      await check(page, `workers-${theme}${size.name}`);
    }
  });

  it('says which worker went silent', async () => {
    const frozen = workers[1]?.process.child;
    frozen?.kill('SIGSTOP');
    // As if it had said nothing for two minutes: its own word of when it was last there is made that old.
    const key = 'aiworkflow:aiworkflow-default:x-workers';
    await waitUntil('batch-02 to be silent', async () => {
      for (const [id, said] of Object.entries(await server.client.hgetall(key)))
        if (said.includes('batch-02'))
          await server.client.hset(key, id, said.replace(/^\d+/, `${Date.now() - 120_000}`));
      return page.getByRole('row', { name: /batch-02.*Silent.*ago/ }).isVisible();
    });
    await checkOpened(page, 'workers-silent');
    frozen?.kill('SIGCONT');
    await page.getByRole('row', { name: /batch-02.*Working/ }).waitFor();
  });
});
