import { afterEach, describe, expect, it } from 'vitest';
import type { InputOf, PublishedMessage } from '../../src/shared/contract/index.ts';
import type { MessageStatus, ShownMessage } from '../../src/shared/model/queue.ts';
import { LocalProject } from '../support/local-project.ts';
import { waitUntil } from '../support/wait-until.ts';

/** Messages of the queue become runs of the open project (SPEC §8). */
let project: LocalProject;
afterEach(() => project.close());

const QUICK = 'queue: {retry_delay: 20ms, concurrency: 2}';
const open = (config: readonly string[] = [QUICK], isHost = true): LocalProject => {
  project = new LocalProject(config, { isHost });
  project.addWorkflow(
    'greet',
    [['action: workflow.set_outputs', 'inputs: {said: "hello {{ inputs.name }}"}']],
    ['inputs: {name: {type: string, required: true}}'],
  );
  return project;
};

const publish = (workflow: string, more: Partial<InputOf<'queue.publish'>> = {}): Promise<PublishedMessage> =>
  project.call('queue.publish', { workflow, payload: { name: 'Ana' }, ...more });

const find = async (id: string): Promise<ShownMessage> => {
  const found = (await project.call('queue.messages', {})).find((one) => one.id === id);
  if (found === undefined) throw new Error(`no message ${id}`);
  return found;
};

async function until({ message }: PublishedMessage, status: MessageStatus): Promise<ShownMessage> {
  await waitUntil(`the message to be ${status}`, async () => (await find(message.id)).status === status);
  return find(message.id);
}

describe('a message', () => {
  it('becomes one run, with the version and by the right of its sender, and is done when that has ended', async () => {
    open([QUICK], false);
    const sent = await publish('greet');
    expect(sent).toMatchObject({
      ...{ isDuplicate: false, warnings: [] },
      message: { queue: 'aiworkflow-default', status: 'pending', versionHash: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
    expect((await find(sent.message.id)).wait).toEqual({ kind: 'no_worker', seen: null });
    // What the sender's version says is run, whatever stands in the folder by then.
    project.addWorkflow('greet', [['action: workflow.fail', 'inputs: {message: another version}']]);
    await project.reopen(true);
    const done = await until(sent, 'completed');
    expect(done).toMatchObject({ attempts: 1, error: null, runStatus: 'completed', workflowName: 'greet' });
    const { run } = await project.call('runs.get', { runId: done.runId ?? '' });
    expect(run).toMatchObject({
      status: 'completed',
      trigger: 'queue',
      actor: 'tester',
      versionHash: sent.message.versionHash,
    });
    expect((await project.call('runs.result', { runId: run.runId })).final_output).toEqual({ said: 'hello Ana' });
    expect((await project.call('queue.list', {}))[0]).toMatchObject({
      counts: { pending: 0, processing: 0, completed: 1, deadLetter: 0 },
      ...{ worker: { busy: 0, concurrency: 2 }, doneLastHour: 1 },
    });
  });

  it('that can never run is a dead letter with its reason, and can be sent again with other inputs', async () => {
    open();
    const unknown = await publish('nobody-knows-it');
    expect(unknown.warnings).toEqual([expect.stringContaining('nobody-knows-it')]);
    expect(await until(unknown, 'failed')).toMatchObject({
      attempts: 1,
      runId: null,
      error: expect.stringContaining('nobody-knows-it'),
    });
    const wrong = await publish('greet', { payload: {} });
    expect(wrong.warnings).toEqual(['Required input not provided: name']);
    expect(await until(wrong, 'failed')).toMatchObject({ error: 'Required input not provided: name' });
    const { message } = await project.call('queue.requeue', {
      id: wrong.message.id,
      payload: { inputs: { name: 'Ben' } },
    });
    await until({ message, isDuplicate: false, warnings: [] }, 'completed');
    expect(await find(wrong.message.id)).toMatchObject({ requeuedAs: message.id, metadata: { requeued_by: 'tester' } });
    await project.call('queue.drop', { id: unknown.message.id });
    expect((await project.call('queue.status', {})).counts).toMatchObject({ deadLetter: 0, completed: 1 });
    await expect(project.call('queue.publish', { workflow: '../greet' })).rejects.toMatchObject({
      code: 'workflow.not_found',
    });
  });

  it('holds no secret', async () => {
    open();
    project.addWorkflow('login', [['action: workflow.noop']], ['inputs: {key: {secret: true}}']);
    await expect(publish('login', { payload: { key: 'k' } })).rejects.toMatchObject({ code: 'queue.holds_secret' });
  });

  it('whose run has failed goes on where it failed, and only where nothing can have had an effect', async () => {
    open();
    const tries = project.write('tries.txt', '');
    project.write(
      '.aiworkflow/bundles/third/workflow.md',
      [
        '---\nworkflow: {id: third, name: Third}\n---\n',
        '## Step 1: Once\n\n```yaml\naction: probe.run\ninputs: {say: once}\n```\n',
        '## Step 2: Third time\n\n```yaml\naction: probe.run\ninputs: {say: try}\nidempotent: true\nretry: {max_retries: 0}\n```\n',
      ].join('\n'),
    );
    project.write(
      '.aiworkflow/bundles/third/tools/probe.sh',
      `#!/usr/bin/env bash\necho "$1" >> ${tries}\n[ "$1" = "--say=once" ] || [ "$(grep -c try ${tries})" -ge 3 ]\n`,
    );
    const third = await until(await publish('third', { payload: {} }), 'completed');
    expect(third).toMatchObject({ attempts: 3 });
    const { readFileSync } = await import('node:fs');
    expect(readFileSync(tries, 'utf8').match(/once|try/g)).toEqual(['once', 'try', 'try', 'try']);
    project.write('.aiworkflow/bundles/third/tools/probe.sh', '#!/usr/bin/env bash\nexit 1\n');
    expect(await until(await publish('third', { payload: {} }), 'failed')).toMatchObject({
      attempts: 1,
      runStatus: 'failed',
    });
  });

  it('waits for a slot and a lane and says so, and a run that rests holds neither', async () => {
    open(['workflows: {max_concurrent: 1}', 'queue: {concurrency: 5}']);
    project.addWorkflow('nap', [['action: workflow.sleep', 'inputs: {duration: 10m}']]);
    project.addWorkflow('asks', [['id: ask', 'approval: {title: "Shall it?"}']]);
    const { runId } = await project.call('runs.start', { workflow: 'nap', inputs: {} });
    const asks = await publish('asks', { payload: {}, priority: 'high' });
    const later = await publish('greet', { priority: 'critical', delayMs: 86_400_000 });
    const sent = await publish('greet');
    expect((await find(asks.message.id)).wait).toEqual({ kind: 'lanes', busy: 1, of: 1, behind: 0 });
    expect((await find(sent.message.id)).wait).toEqual({ kind: 'lanes', busy: 1, of: 1, behind: 1 });
    expect((await find(later.message.id)).wait).toMatchObject({ kind: 'delayed' });
    await project.call('queue.pause', {});
    expect((await find(sent.message.id)).wait).toMatchObject({ kind: 'paused', by: 'tester' });
    await project.call('runs.cancel', { runId });
    await project.call('queue.resume', {});
    await until(sent, 'completed');
    expect(await find(asks.message.id)).toMatchObject({ status: 'processing', runStatus: 'waiting' });
    // The app is closed and opened again over the question.
    await project.reopen();
    const [request] = (await project.call('approvals.list', {})).approvals;
    const { hash } = await project.call('approvals.get', { id: request?.id ?? '' });
    await project.call('approvals.approve', { id: request?.id ?? '', hash });
    await until(asks, 'completed');
    expect(await project.call('queue.purge', {})).toEqual({ removed: 1 });
  });

  it('in memory lives as long as the process that works on it', async () => {
    open([QUICK], false);
    await expect(publish('greet', { type: 'memory' })).rejects.toMatchObject({ code: 'queue.no_worker' });
    await expect(project.call('queue.serve', {})).rejects.toMatchObject({ code: 'queue.no_worker' });
    await project.reopen(true);
    await project.call('queue.serve', { type: 'memory', queue: 'scratch', concurrency: 1 });
    const sent = await publish('greet', { type: 'memory', queue: 'scratch' });
    await waitUntil('it to be done', async () =>
      (await project.call('queue.messages', { type: 'memory', queue: 'scratch' })).every(
        ({ status }) => status === 'completed',
      ),
    );
    expect(sent.message.queue).toBe('scratch');
    expect((await project.call('queue.list', {})).map(({ type, name }) => [type, name])).toEqual([
      ['local', 'aiworkflow-default'],
      ['memory', 'scratch'],
    ]);
  });
});
