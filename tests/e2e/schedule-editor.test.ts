import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HolderClient } from '../../src/server/index.ts';
import type { InputOf } from '../../src/shared/contract/index.ts';
import type { JsonMap } from '../../src/shared/json.ts';
import { type OpenedDoor, openDoor } from '../support/doors/index.ts';
import { bundleText, GatedProject } from '../support/gated-project.ts';
import { checkOpened, SIZES, show } from '../support/screen-check.ts';
import { waitUntil } from '../support/wait-until.ts';

/** A schedule is written in words, seen before it is saved, changed and taken away. */
let project: GatedProject;
let opened: OpenedDoor;
let client: HolderClient;
let page: Page;

const addReport = (schedule: string): void =>
  project.addBundle('report', {
    name: 'Nightly report',
    frontmatter: [
      'triggers:',
      `  - {type: schedule, id: written, schedule: "${schedule}"}`,
      'inputs:',
      '  day: {type: string, required: true, description: Which day}',
      '  number: {type: integer, default: 1, min: 1}',
    ],
    steps: [['action: workflow.set_outputs', 'inputs: {said: "{{ inputs.day }}"}']],
  });

/** Written again it is another version. */
const writeSorter = (said: string): void =>
  writeFileSync(
    join(project.path, '.aiworkflow', 'workflows', 'sorter.md'),
    bundleText('sorter', {
      name: 'Sort the inbox',
      frontmatter: [
        'triggers:',
        '  - {type: file, id: inbox, path: ./in, debounce_seconds: 0.1, inputs: {file: "{{ trigger.file.name }}"}}',
        'inputs:',
        '  file: {type: string, default: none}',
      ],
      steps: [['action: workflow.set_outputs', `inputs: {said: "${said}"}`]],
    }),
  );

beforeAll(async () => {
  project = new GatedProject();
  // Other tests listen too: any port that is free.
  writeFileSync(join(project.path, 'aiworkflow.yaml'), 'version: "1.0"\nwebhooks: {port: 0}\n');
  project.addBundle('orders', {
    name: 'Take an order',
    frontmatter: ['triggers:', '  - {type: webhook, id: hook, path: /orders, insecure: true}'],
    steps: [['action: workflow.noop']],
  });
  addReport('0 2 * * *');
  mkdirSync(join(project.path, 'in', 'disk'), { recursive: true });
  for (let at = 0; at < 10; at++) writeFileSync(join(project.path, 'in', 'disk', `f${at}.txt`), `content ${at}`);
  writeSorter('yes');
  opened = await openDoor('browser', { projectPath: project.path, home: project.home, hasTriggers: true });
  page = opened.page;
  await page.emulateMedia({ reducedMotion: 'reduce' });
  client = await project.connect();
});
afterAll(async () => {
  client?.close();
  await opened?.close();
  project?.remove();
});

const FILE = '.aiworkflow/triggers/schedules.yaml';
const text = (): string => {
  const file = join(project.path, FILE);
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
};

async function goTo(hash: string, title: string | RegExp): Promise<void> {
  await page.evaluate((to) => {
    location.hash = to;
  }, hash);
  await page.getByRole('heading', { name: title, level: 1 }).waitFor();
}

async function choose(name: RegExp, choice: string): Promise<void> {
  await page.getByRole('combobox', { name }).click();
  await page.getByRole('option', { name: choice, exact: true }).click();
}

/** Something that may be found by typing. */
async function find(name: RegExp, typed: string, choice: string): Promise<void> {
  await page.getByRole('combobox', { name }).click();
  await page.getByRole('dialog').getByRole('combobox').fill(typed);
  await page.getByRole('option', { name: choice, exact: true }).click();
}

describe('the editor of a schedule', () => {
  it('says what is missing, shows the next starts while they are written, and saves what was said', async () => {
    await goTo('#/triggers', 'Triggers');
    await page.getByRole('link', { name: 'New schedule' }).click();
    await page.getByRole('heading', { name: 'New schedule', level: 1 }).waitFor();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Choose the workflow that it starts.').waitFor();
    await page.getByText('Give it a name.').waitFor();

    await find(/^Workflow/, 'night', 'Nightly report');
    await expect.poll(() => page.getByRole('textbox', { name: 'Name' }).inputValue()).toBe('report');
    await page.getByRole('textbox', { name: 'Name' }).fill('mornings');
    await choose(/^How often/, 'On chosen days');
    await page.getByRole('button', { name: 'Thu' }).click();
    await page.getByLabel('Time', { exact: true }).fill('09:30');
    await find(/^Time zone/, 'new_y', 'America/New_York');
    await page.getByRole('heading', { name: 'Next 20 starts' }).waitFor();
    await page.getByRole('columnheader', { name: 'New York' }).waitFor();
    await page.getByRole('columnheader', { name: /, you$/ }).waitFor();
    await expect.poll(() => page.locator('.editor-fires tbody tr').count()).toBeGreaterThanOrEqual(20);
    await page.getByText('Not as it stands.').waitFor();
    await page.getByRole('textbox', { name: 'Day', exact: true }).fill('today');
    await page.getByText('Yes, with something to watch.').waitFor();

    await page.getByRole('textbox', { name: /^Days left out/ }).fill('2026-12-25\n2026-12-32');
    await page.getByText(/'2026-12-32' is neither a date nor a range of dates\./).waitFor();
    await page.getByRole('textbox', { name: /^Days left out/ }).fill('2026-12-25');
    await page.getByRole('radio', { name: /Wait, then run once/ }).click();
    await page.getByRole('radio', { name: /Ask me/ }).click();
    await page.getByRole('textbox', { name: /^Spread/ }).fill('soon');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.locator('.err', { hasText: 'soon' }).waitFor();
    expect(text()).toBe('');
    await page.getByRole('textbox', { name: /^Spread/ }).fill('5m');
    await page.getByLabel('Last day').fill('2030-12-31');
    await page.reload();
    await page.getByRole('button', { name: 'Undo changes' }).waitFor();
    await checkOpened(page, 'schedule-editor');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Nobody has armed it, so it starts nothing.').waitFor();
    expect(text()).toBe(
      [
        'schedules:',
        '  - id: mornings',
        '    workflow_id: report',
        '    schedule: 30 9 * * 1,4',
        '    timezone: America/New_York',
        '    catch_up: ask',
        '    overlap: queue',
        '    jitter: 5m',
        '    ends_at: 2030-12-31T23:59:59',
        '    exclude:',
        '      - 2026-12-25',
        '    inputs:',
        '      day: today',
        '',
      ].join('\n'),
    );
  });

  it('changes only what is changed, and leaves alone what another file says', async () => {
    await goTo('#/triggers/report%2Fmornings', /Nightly report/);
    await page.getByRole('button', { name: 'Arm', exact: true }).click();
    await page.getByText('It is armed.').waitFor();
    await page.getByRole('link', { name: 'Edit' }).click();
    await page.getByRole('heading', { name: 'Edit the schedule of Nightly report', level: 1 }).waitFor();
    await choose(/^How often/, 'As a cron text');
    await expect.poll(() => page.getByRole('textbox', { name: 'Cron text' }).inputValue()).toBe('30 9 * * 1,4');
    await page.getByRole('textbox', { name: 'Cron text' }).fill('61 9 * * 1');
    await page.getByText(/61 is out of range in the minute field/).waitFor();
    await page.getByText('The next starts stand here as soon as the times can be understood.').waitFor();
    await page.getByRole('textbox', { name: 'Cron text' }).fill('0 9 * * 1#1');
    const before = text();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText(/It is written differently from what was armed/).waitFor();
    expect(text()).toBe(before.replace('schedule: 30 9 * * 1,4', 'schedule: 0 9 * * 1#1'));

    await goTo('#/triggers/report%2Fwritten', /Nightly report/);
    await page.getByText('It is edited in that file, with the workflow.').waitFor();
    await expect.poll(() => page.getByRole('link', { name: 'Edit', exact: true }).count()).toBe(0);
    await goTo('#/triggers/report%2Fwritten/edit', 'Schedule');
    await page.getByText(/This trigger stands in .*bundles\/report/).waitFor();
  });

  it('takes a schedule away only after asking', async () => {
    await goTo('#/triggers/report%2Fmornings', /Nightly report/);
    await page.getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('button', { name: 'Keep it' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(text()).toContain('mornings');
    await page.getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('heading', { name: 'Triggers', level: 1 }).waitFor();
    await expect.poll(text).not.toContain('mornings');
    const { triggers } = await client.call('triggers.list', { workflow: 'report' });
    expect(triggers.map(({ key }) => key)).toEqual(['report/written']);
  });
});

describe('a watch', () => {
  const watch = async () => (await client.call('watches.list', {})).watches[0];

  it('stands on the screen with its folder, and asks when more than half of its files are gone', async () => {
    await goTo('#/triggers?tab=watches', 'Triggers');
    await page.getByText('No folder is watched now.').waitFor();
    const trigger = 'sorter/inbox';
    const { definitionHash, contentHash } = await client.call('triggers.get', { trigger });
    await client.call('triggers.arm', { trigger, definitionHash, contentHash: contentHash ?? '' });
    const row = page.getByRole('row', { name: /Sort the inbox/ });
    await row.getByText('Watching').waitFor();
    await row.getByText(join(project.path, 'in')).waitFor();
    renameSync(join(project.path, 'in', 'disk'), join(project.path, 'disk'));
    await page.getByText('Sort the inbox: 10 of 10 files are gone at once.').waitFor();
    await checkOpened(page, 'triggers-watches');
    await goTo('#/triggers/sorter%2Finbox', /Sort the inbox/);
    await page.getByRole('heading', { name: 'How it watches' }).waitFor();
    await page.getByRole('button', { name: 'They will be back' }).click();
    await page.getByRole('button', { name: 'They will be back' }).waitFor({ state: 'detached' });
    await waitUntil('it goes on', async () => (await watch())?.status === 'watching');
  });

  it('plays what came once more against another version, and makes a test input of it', async () => {
    const came = async () => (await client.call('deliveries.list', { trigger: 'sorter/inbox' })).deliveries;
    writeFileSync(join(project.path, 'in', 'letter.txt'), 'new');
    await waitUntil('it has started', async () => (await came())[0]?.state === 'started');
    writeSorter('no');
    const { runId: byHand } = await client.call('runs.start', { workflow: 'sorter', inputs: {} });
    const versionOf = async (runId: string) => (await client.call('runs.get', { runId })).run.versionHash;
    const other = await versionOf(byHand);
    const [first] = await came();
    expect(await versionOf(first?.runId ?? '')).not.toBe(other);
    await goTo(`#/triggers?tab=deliveries&id=${first?.id}`, 'Triggers');
    await page.getByRole('button', { name: 'Replay' }).click();
    await page.getByRole('combobox', { name: 'Version' }).click();
    await page.getByRole('option', { name: new RegExp(other.slice(0, 8)) }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Replay', exact: true }).click();
    await waitUntil('it was played', async () => (await came()).length === 2 && (await came())[0]?.runId !== null);
    expect(await versionOf((await came())[0]?.runId ?? '')).toBe(other);
    await page.getByRole('button', { name: 'Use as test input' }).click();
    await page.getByRole('heading', { name: 'Sort the inbox', level: 1 }).waitFor();
    await expect.poll(() => page.getByRole('textbox', { name: /^File/ }).inputValue()).toBe('letter.txt');
  });

  it('is current when somebody comes back to the window from the file', async () => {
    await goTo('#/triggers/report%2Fwritten', /Nightly report/);
    await page.getByText('0 2 * * *').waitFor();
    addReport('0 4 * * *');
    await page.evaluate(() => window.dispatchEvent(new Event('focus')));
    await page.getByText('0 4 * * *').waitFor();
  });
});

describe('a webhook', () => {
  it('has its address on the screen once it is armed, and takes a test that is sent from there', async () => {
    const { key, definitionHash, contentHash } = await client.call('triggers.get', { trigger: 'orders/hook' });
    await goTo('#/triggers?tab=webhooks', 'Triggers');
    await page.getByText('Nobody listens: no webhook is armed.').waitFor();
    await client.call('triggers.arm', { trigger: key, definitionHash, contentHash: contentHash ?? '' });
    await page.getByText(/^POST http:\/\/127\.0\.0\.1:\d+\/orders$/).waitFor();
    await page.getByRole('link', { name: 'Take an order' }).click();
    await page.getByRole('button', { name: 'Send a test' }).click();
    const dialog = page.getByRole('dialog', { name: 'Send a test to /orders' });
    await dialog.getByRole('textbox', { name: 'Body' }).fill('{"number": 7}');
    await dialog.getByRole('button', { name: 'Send', exact: true }).click();
    await dialog.getByText('Answered 200').waitFor();
    await checkOpened(page, 'trigger-webhook-test');
    await dialog.getByRole('link', { name: 'The run that it starts' }).click();
    await page.getByRole('heading', { name: /Take an order/, level: 1 }).waitFor();
    await client.call('triggers.disarm', { trigger: key });
  });
});

describe('the palette', () => {
  const press = async (typed: string, entry: string): Promise<void> => {
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').getByRole('combobox').fill(typed);
    await page.getByRole('option', { name: entry }).first().click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  };

  it('opens a trigger, runs it now, and stops and starts them all', async () => {
    await press('trigger sort', 'Trigger Sort the inbox');
    await page.getByRole('heading', { name: /Sort the inbox/, level: 1 }).waitFor();
    const { runCount: before } = await client.call('triggers.get', { trigger: 'sorter/inbox' });
    await press('run now: sort', 'Run now: Sort the inbox');
    await waitUntil('it has run', async () => {
      const { runCount } = await client.call('triggers.get', { trigger: 'sorter/inbox' });
      return runCount > before;
    });
    await press('pause all trig', 'Pause all triggers');
    await waitUntil('all are paused', async () => (await client.call('triggers.list', {})).pausedAll !== null);
    await press('go on', 'Let all triggers go on');
    await waitUntil('they go on', async () => (await client.call('triggers.list', {})).pausedAll === null);
  });
});

describe('messages of a queue', () => {
  const publish = (payload: JsonMap, more: Omit<InputOf<'queue.publish'>, 'workflow' | 'payload'> = {}) =>
    client.call('queue.publish', { workflow: 'report', payload, ...more });
  const counts = async () => (await client.call('queue.status', {})).counts;

  it('say why they wait; a dead one is mended and sent again, what waits is purged', async () => {
    await publish({ day: 'Monday', number: 'seven' }, { priority: 'high' });
    await waitUntil('the dead letter', async () => (await counts()).deadLetter === 1);
    await publish({ day: 'Tuesday' }, { delayMs: 3_600_000, priority: 'low' });
    await client.call('queue.pause', {});
    await publish({ day: 'Wednesday' }, { priority: 'critical' });
    await show(page, '#/workers', 'light', SIZES[0]);
    const waiting = page.getByRole('region', { name: /^Waiting messages/ });
    await waiting.getByText('The queue is held back by').first().waitFor();
    await waiting.getByText('Its sender wants it not before').waitFor();
    const dead = page.getByRole('complementary', { name: /^Dead letters/ });
    const inputs = dead.getByRole('textbox');
    await inputs.fill('{"day": ');
    await dead.getByText('This is not a JSON object.').first().waitFor();
    await inputs.fill('{\n  "day": "Monday",\n  "number": 7\n}');
    await dead.getByText('1 line changed').waitFor();
    await dead.getByRole('button', { name: 'Requeue' }).click();
    await dead.getByText('No dead letters').waitFor();

    const queues = page.getByRole('region', { name: /^Queues \d/ });
    const more = queues.getByRole('button', { name: 'More: hold back, purge' });
    await more.click();
    await page.getByRole('menuitem', { name: 'Let the queue go on' }).click();
    await waitUntil('both to be done', async () => (await counts()).completed === 2);
    await queues.getByRole('button', { name: 'Send', exact: true }).click();
    const sending = page.getByRole('dialog', { name: 'Send a message' });
    await sending.getByText('Choose a workflow.').first().waitFor();
    await page.keyboard.press('Escape');
    await sending.waitFor({ state: 'detached' });
    await more.click();
    await page.getByRole('menuitem', { name: 'Purge…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Purge', exact: true }).click();
    await waiting.getByText('No message waits.').waitFor();
  });
});

describe('leaving the project', () => {
  const other = async (): Promise<void> => {
    await page.getByRole('button', { name: 'office' }).click();
    await page.getByRole('menuitem', { name: 'Open another folder…' }).click();
    await page.getByRole('textbox', { name: 'Folder' }).fill(otherPath());
    await page.getByRole('button', { name: 'Open folder' }).click();
  };
  const otherPath = (): string => join(project.root, 'other');
  const shown = async (): Promise<string> => (await client.call('app.info', {})).project.path;

  it('says first what its triggers would miss, and until when', async () => {
    mkdirSync(join(otherPath(), '.aiworkflow'), { recursive: true });
    const trigger = 'report/written';
    const { definitionHash, contentHash } = await client.call('triggers.get', { trigger });
    await client.call('triggers.arm', { trigger, definitionHash, contentHash: contentHash ?? '' });
    await other();
    const dialog = page.getByRole('dialog', { name: 'Leave this project?' });
    await dialog.getByText(/^Would be missed until/).waitFor();
    await dialog.getByRole('row', { name: /Nightly report.*caught up once when you open it/ }).waitFor();
    await dialog.getByRole('row', { name: /Sort the inbox.*new files are found when you open it/ }).waitFor();
    await checkOpened(page, 'project-leave');
    await dialog.getByRole('button', { name: 'Stay here' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await shown()).toBe(project.path);
    await page.getByRole('button', { name: 'Open folder' }).click();
    await dialog.getByRole('button', { name: 'Leave it' }).click();
    await page.getByText(/^Opened .*other/).waitFor();
  });
});
