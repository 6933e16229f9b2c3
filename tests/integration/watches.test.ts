import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LocalProject } from '../support/local-project.ts';
import { waitUntil } from '../support/wait-until.ts';

/** SPEC §7.2 from the file to the run: real folders, the real hint layer and the real engine. */
let project: LocalProject;
beforeEach(() => {
  project = new LocalProject([], { isHost: true });
});
afterEach(() => project.close());

const at = (path: string): string => join(project.path, path);
const put = (path: string, text: string): void => {
  mkdirSync(join(at(path), '..'), { recursive: true });
  writeFileSync(at(path), text);
};

/** A workflow that is started by files of a folder and says which. */
function watching(id: string, folder: string, rest: readonly (readonly string[])[] = []): void {
  const trigger = `  - {type: file, id: inbox, path: ${folder}, debounce_seconds: 0.1, inputs: {file: "{{ trigger.file.relative_path }}", type: "{{ trigger.file.event_type }}"}}`;
  const say = ['action: workflow.set_outputs', 'inputs:', '  said: "{{ inputs.type }} {{ inputs.file }}"'];
  project.addWorkflow(
    id,
    [say, ...rest],
    ['triggers:', trigger, 'inputs:', '  file: {type: string, default: ""}', '  type: {type: string, default: ""}'],
  );
}

async function arm(trigger: string): Promise<void> {
  const { definitionHash, contentHash } = await project.call('triggers.get', { trigger });
  await project.call('triggers.arm', { trigger, definitionHash, contentHash: contentHash ?? '' });
  await waitUntil(`${trigger} watches`, async () => (await watchOf(trigger))?.status === 'watching');
}

const watchOf = async (key: string) =>
  (await project.call('watches.list', {})).watches.find(({ triggerKey }) => triggerKey === key);
const runsOf = async (workflow: string) => (await project.call('runs.list', { workflow, limit: 100 })).runs;

async function ended(workflow: string, count: number): Promise<readonly string[]> {
  await waitUntil(`${count} runs of ${workflow}`, async () => {
    const runs = await runsOf(workflow);
    return runs.length >= count && runs.every(({ status }) => status === 'completed');
  });
  const said = [];
  for (const { runId } of await runsOf(workflow)) said.push((await project.call('runs.get', { runId })).outputs.said);
  return said.map(String).sort();
}

describe('a file starts a run', () => {
  it('once per content, with what happened, and the inbox shows what came', async () => {
    mkdirSync(at('in'), { recursive: true });
    put('in/before.txt', 'was there before');
    watching('sorter', './in');
    await project.call('triggers.list', {});
    put('in/too-early.txt', 'nobody has armed it');
    await arm('sorter/inbox');
    put('in/a.txt', 'one');
    expect(await ended('sorter', 1)).toEqual(['created a.txt']);
    writeFileSync(at('in/a.txt.part'), 'two');
    renameSync(at('in/a.txt.part'), at('in/a.txt'));
    expect(await ended('sorter', 2)).toEqual(['created a.txt', 'modified a.txt']);
    // A short run may be over before its delivery says that it was started.
    await waitUntil('both deliveries have started', async () =>
      (await project.call('deliveries.list', { kind: 'file' })).deliveries.every(({ state }) => state === 'started'),
    );
    const { deliveries } = await project.call('deliveries.list', { kind: 'file' });
    expect(deliveries).toMatchObject([
      { event: 'modified', title: 'a.txt', state: 'started', endpoint: './in' },
      { event: 'created', title: 'a.txt', state: 'started' },
    ]);
    const { data } = await project.call('deliveries.get', { id: deliveries[1]?.id ?? '' });
    expect(data).toEqual({
      file: {
        ...{ event_type: 'created', path: at('in/a.txt'), relative_path: 'a.txt', name: 'a.txt', is_directory: false },
        ...{ timestamp: expect.stringMatching(/^\d{4}-.*Z$/), src_path: null, dest_path: null, size: 3 },
        hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    });
  });

  it('what arrives while the app is closed is found at the next start, once', async () => {
    mkdirSync(at('in'), { recursive: true });
    watching('sorter', './in');
    await arm('sorter/inbox');
    await project.reopen();
    put('in/late.txt', 'while it was closed');
    await project.call('triggers.list', {});
    expect(await ended('sorter', 1)).toEqual(['created late.txt']);
    await project.reopen();
    await project.call('triggers.list', {});
    await waitUntil('it watches again', async () => (await watchOf('sorter/inbox'))?.status === 'watching');
    expect(await runsOf('sorter')).toHaveLength(1);
  });

  it('the files of its own runs start nothing, and the inbox says why', async () => {
    mkdirSync(at('in'), { recursive: true });
    const write = [
      'action: workflow.write_file',
      'inputs:',
      `  path: "${at('in/result.txt')}"`,
      '  content: "done {{ inputs.file }}"',
    ];
    watching('sorter', './in', [write]);
    await arm('sorter/inbox');
    put('in/a.txt', 'one');
    await waitUntil('the result is known', async () =>
      (await project.call('deliveries.list', {})).deliveries.some(({ title }) => title === 'result.txt'),
    );
    expect(readFileSync(at('in/result.txt'), 'utf8')).toBe('done a.txt');
    const { deliveries } = await project.call('deliveries.list', { states: ['ignored'] });
    expect(deliveries).toMatchObject([
      { title: 'result.txt', runId: null, reason: expect.stringMatching(/^A run of this workflow wrote it: /) },
    ]);
    expect(await ended('sorter', 1)).toEqual(['created a.txt']);
    put('in/result.txt', 'a person changed it');
    expect(await ended('sorter', 2)).toContain('modified result.txt');
  });

  it('A feeds B feeds A: both are paused and the chain is shown', async () => {
    mkdirSync(at('a'), { recursive: true });
    mkdirSync(at('b'), { recursive: true });
    const write = (path: string): readonly string[] => [
      ...['action: workflow.write_file', 'inputs:', `  path: "${at(path)}/{{ inputs.file }}"`],
      '  content: "{{ inputs.type }} by {{ workflow.id }}"',
    ];
    watching('first', './a', [write('b')]);
    watching('second', './b', [write('a')]);
    await arm('first/inbox');
    await arm('second/inbox');
    put('a/x.txt', 'begin');
    await waitUntil('the loop is found', async () => {
      const { triggers } = await project.call('triggers.list', { kind: 'file' });
      return triggers.every(({ status }) => status === 'paused');
    });
    const { triggers } = await project.call('triggers.list', { kind: 'file' });
    expect(triggers.map(({ reason }) => reason)).toEqual([
      'It starts itself over others: first -> second -> first.',
      'It starts itself over others: first -> second -> first.',
    ]);
    expect([(await runsOf('first')).length, (await runsOf('second')).length]).toEqual([1, 1]);
    const { deliveries } = await project.call('deliveries.list', { states: ['failed'] });
    expect(deliveries).toMatchObject([{ triggerKey: 'first/inbox', title: 'x.txt' }]);
    const { chain } = await project.call('deliveries.get', { id: deliveries[0]?.id ?? '' });
    expect(chain.map(({ workflowId }) => workflowId)).toEqual(['first', 'second']);
  });

  it('ten starts within a minute pause it; what waits is started when a person lets it go on', async () => {
    mkdirSync(at('in'), { recursive: true });
    watching('sorter', './in');
    await arm('sorter/inbox');
    const names = Array.from({ length: 25 }, (_, index) => `f${String(index).padStart(2, '0')}.txt`);
    for (const name of names) put(`in/${name}`, name);
    await waitUntil('it is paused', async () => (await watchOf('sorter/inbox'))?.status === 'held');
    // The tenth start may be written down a moment after the watch was held.
    await expect
      .poll(() => project.call('triggers.get', { trigger: 'sorter/inbox' }))
      .toMatchObject({ status: 'paused', reason: expect.stringContaining('10 runs within 60 seconds'), runCount: 10 });
    await project.call('triggers.resume', { trigger: 'sorter/inbox' });
    expect(await ended('sorter', 25)).toEqual(names.map((name) => `created ${name}`));
    await expect
      .poll(() => project.call('triggers.get', { trigger: 'sorter/inbox' }))
      .toMatchObject({ status: 'armed' });
  });
});

describe('watches.yaml', () => {
  const watch = (item: string): string => project.write('.aiworkflow/triggers/watches.yaml', `watches:\n  - ${item}\n`);

  it('a batch is one run; regex counts; ids default to their place', async () => {
    mkdirSync(at('in'), { recursive: true });
    project.addWorkflow(
      'bundle-up',
      [['action: workflow.set_outputs', 'inputs:', '  said: "{{ inputs.names }}"']],
      ['inputs:', '  names: {type: string, default: ""}'],
    );
    watch(
      '{path: ./in, regex: "^[0-9]+[.]csv$", batch: true, debounce_seconds: 2, workflow_id: bundle-up, workflow_inputs: {names: "{{ trigger.files | map(attribute=\'name\') | join(\' \') }}"}}',
    );
    await arm('bundle-up/watch-1');
    for (const name of ['1.csv', '2.csv', '3.csv', 'x.csv', '4.txt']) put(`in/${name}`, name);
    expect(await ended('bundle-up', 1)).toEqual(['1.csv 2.csv 3.csv']);
    expect((await project.call('deliveries.list', {})).deliveries).toMatchObject([
      { event: 'batch', title: '3 files' },
    ]);
    put('in/5.csv', 'alone');
    expect(await ended('bundle-up', 2)).toEqual(['1.csv 2.csv 3.csv', '5.csv']);
  });

  it('a folder that is not there, one that leaves the project, and the state of the project', async () => {
    watching('sorter', './nowhere');
    watching('climber', '../..');
    watching('insider', './.aiworkflow/state/runs');
    for (const id of ['sorter', 'climber', 'insider']) {
      const { definitionHash, contentHash } = await project.call('triggers.get', { trigger: `${id}/inbox` });
      await project.call('triggers.arm', { trigger: `${id}/inbox`, definitionHash, contentHash: contentHash ?? '' });
    }
    await waitUntil('all say why', async () => {
      const { triggers } = await project.call('triggers.list', {});
      return triggers.every(({ status }) => status === 'unavailable');
    });
    const { triggers } = await project.call('triggers.list', {});
    expect(new Map(triggers.map(({ workflowId, reason }) => [workflowId, reason]))).toEqual(
      new Map([
        ['climber', 'The path leaves its folder: ../..'],
        ['insider', 'This folder holds the state of the project: ./.aiworkflow/state/runs'],
        ['sorter', `The folder is not there: ${at('nowhere')}`],
      ]),
    );
  });

  it('more than half gone at once: it asks, and goes on with the answer', async () => {
    for (let count = 0; count < 10; count++) put(`in/disk/f${count}.txt`, `content ${count}`);
    watching('sorter', './in');
    await arm('sorter/inbox');
    renameSync(at('in/disk'), at('disk'));
    await waitUntil('it asks', async () => (await watchOf('sorter/inbox'))?.status === 'asking');
    // It asks as soon as more than half are known to be gone; the rest is found right after.
    await expect.poll(async () => (await watchOf('sorter/inbox'))?.question).toMatchObject({ gone: 10, known: 10 });
    await project.call('watches.answer', { trigger: 'sorter/inbox', answer: 'keep' });
    put('in/a.txt', 'goes on');
    expect(await ended('sorter', 1)).toEqual(['created a.txt']);
    await expect(project.call('watches.answer', { trigger: 'sorter/inbox', answer: 'gone' })).rejects.toMatchObject({
      code: 'run.illegal_state',
    });
  });
});
