import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { osUserName } from '../../src/server/os-user.ts';
import { launchDesktop } from '../support/doors/index.ts';
import { GatedProject } from '../support/gated-project.ts';

/** Quitting the desktop app: what it leaves out is listed first, and the ledger says who quit. */
type Desktop = Awaited<ReturnType<typeof launchDesktop>>;

let project: GatedProject;
const open: Desktop[] = [];
const launch = async (): Promise<Desktop> => {
  const desktop = await launchDesktop({ projectPath: project.path, home: project.home });
  open.push(desktop);
  return desktop;
};

/** Arms the hourly report by the socket, as a person does on the screen. */
async function arm(): Promise<void> {
  const client = await project.connect();
  const { key, definitionHash, contentHash } = await client.call('triggers.get', { trigger: 'report/hourly' });
  await client.call('triggers.arm', { trigger: key, definitionHash, contentHash: contentHash ?? '' });
  client.close();
}

beforeEach(() => {
  project = new GatedProject();
  project.addBundle('report', {
    name: 'Hourly report',
    frontmatter: ['triggers:', '  - {type: schedule, id: hourly, schedule: "0 * * * *"}'],
    steps: [['action: workflow.set_outputs', 'inputs: {said: "done"}']],
  });
});
afterEach(async () => {
  for (const desktop of open.splice(0)) await desktop.close();
  project.remove();
});

const questionsOf = ({ recorded }: Desktop): readonly Record<string, unknown>[] =>
  recorded.filter(({ what }) => what === 'dialog.showMessageBox').map(({ args }) => args[0] as Record<string, unknown>);

/** Who had quit when nothing was served, by the periods of the project. */
async function quitters(): Promise<readonly (string | null)[]> {
  const client = await project.connect();
  const until = Date.now() + 60_000;
  const { periods } = await client.call('triggers.calendar', { from: until - 86_400_000, until });
  client.close();
  return periods.filter(({ kind }) => kind === 'closed').map(({ quitBy }) => quitBy);
}

describe('quitting the desktop app', () => {
  it('asks nothing where nothing starts by itself', async () => {
    const desktop = await launch();
    await desktop.page.getByRole('heading', { level: 1 }).waitFor();
    desktop.tell({ kind: 'emit', event: 'quit' });
    expect(await desktop.exited).toBe(0);
    expect(questionsOf(desktop)).toEqual([]);
  });

  it('lists what would be missed, stays where a person thinks better of it, and writes down who quit', async () => {
    const desktop = await launch();
    await arm();
    // Whoever closes the window is asked as well, and the window stays.
    for (const event of ['quit', 'close'] as const) {
      const before = questionsOf(desktop).length;
      desktop.tell({ kind: 'emit', event });
      await expect.poll(() => questionsOf(desktop).length).toBe(before + 1);
    }
    expect(questionsOf(desktop)[0]).toMatchObject({
      message: 'Quit aiworkflow?',
      buttons: ['Quit', 'Keep running'],
      defaultId: 1,
      cancelId: 1,
      detail: expect.stringMatching(
        /^Triggers start nothing[\s\S]+Would be missed until .+: \d+ starts?\.\nHourly report: .+; caught up once when it is opened again$/,
      ),
    });
    expect(await desktop.page.getByRole('heading', { level: 1 }).textContent()).not.toBe('');
    expect(desktop.child.exitCode).toBeNull();

    desktop.tell({ kind: 'answer', what: 'dialog.showMessageBox', value: { response: 0, checkboxChecked: false } });
    desktop.tell({ kind: 'emit', event: 'quit' });
    expect(await desktop.exited).toBe(0);
    await launch();
    await expect.poll(quitters).toEqual([osUserName()]);
  });

  it('asks nobody when the system ends it, and says of nobody that he quit', async () => {
    const desktop = await launch();
    await arm();
    expect(await desktop.close()).toBe(0);
    expect(questionsOf(desktop)).toEqual([]);
    await launch();
    await expect.poll(quitters).toEqual([null]);
  });
});
