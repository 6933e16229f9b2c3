import { afterEach, describe, expect, it } from 'vitest';
import { RemoteLab } from '../support/remote-lab.ts';
import { waitUntil } from '../support/wait-until.ts';

/** SPEC §8, §3.8: a worker elsewhere that dies, or is cut off, loses nothing and repeats nothing by itself. */
let lab: RemoteLab;
afterEach(() => lab.close());

const started = (runId: string, step: number): number =>
  lab.worker.tracesOf(runId).filter((trace) => trace === `step_${step} start`).length;

describe('a worker elsewhere', () => {
  it('that is killed leaves what it had begun in doubt at home, and does nothing more of it when it returns', async () => {
    lab = await RemoteLab.open();
    await lab.startWorker();
    lab.worker.openGates(1);
    const { runId, messageId } = await lab.send();
    await lab.worker.untilAtWork(runId, 2);
    // What an effect begins with is known at home before it begins.
    const { events } = await lab.home.call('runs.events', { runId });
    expect(events.map(({ event }) => event.type).slice(-1)).toEqual(['step.started']);
    expect(await lab.home.call('runs.get', { runId })).toMatchObject({ needsPerson: false });
    await lab.killWorker();
    // As long as it may only be slow it keeps its run.
    await expect(lab.home.call('runs.resume', { runId })).rejects.toMatchObject({ code: 'run.elsewhere' });
    for (const act of ['runs.delete', 'runs.retry'] as const)
      await expect(lab.home.call(act, { runId })).rejects.toMatchObject({ code: 'run.elsewhere' });
    await lab.server.client.del('aiworkflow:aiworkflow-default:x-workers');
    await lab.home.call('runs.resume', { runId });
    await lab.untilAtHome(runId, 'in_doubt');
    lab.worker.openGates(2, 3);
    await lab.home.call('runs.resolve', { runId, path: 'step_2', as: 'completed', output: { by: 'hand' } });
    await lab.untilAtHome(runId, 'completed');
    const ended = await lab.home.call('runs.events', { runId, limit: 1_000 });
    expect([started(runId, 1), started(runId, 2), started(runId, 3)]).toEqual([1, 1, 1]);

    await lab.startWorker();
    const client = await lab.worker.connect();
    await waitUntil('the worker to hear that it has lost the run', async () => {
      const answer = await client.call('queue.messages', { type: 'redis' });
      return answer.some(({ id, status }) => id === messageId && status === 'failed');
    });
    client.close();
    expect([started(runId, 1), started(runId, 2), started(runId, 3)]).toEqual([1, 1, 1]);
    expect(await lab.home.call('runs.events', { runId, limit: 1_000 })).toEqual(ended);
    expect(await lab.statusAtHome(runId)).toBe('completed');
  });

  it('begins nothing while the server of the queue is gone, and tells all of it once that is there again', async () => {
    lab = await RemoteLab.open();
    await lab.startWorker();
    const { runId, messageId } = await lab.send();
    await lab.worker.untilAtWork(runId, 1);
    await lab.server.stop('SIGKILL');
    lab.worker.openGates(1, 2, 3);
    // The next step is committed there; what it does is not begun.
    await waitUntil('the start of the next step', () =>
      lab.workerJournal(runId).some((data) => data.includes('"step_2"')),
    );
    expect(started(runId, 2)).toBe(0);
    await lab.server.start();
    await lab.untilAtHome(runId, 'completed');
    await waitUntil('the end of the message', async () => (await lab.message(messageId))?.status === 'completed');
    expect(lab.worker.tracesOf(runId).filter((trace) => trace.endsWith('start'))).toHaveLength(3);
  });

  it('ends what is cancelled at home', async () => {
    lab = await RemoteLab.open();
    await lab.startWorker();
    const { runId, messageId } = await lab.send();
    await lab.worker.untilAtWork(runId, 1);
    await lab.home.call('runs.cancel', { runId });
    await lab.untilAtHome(runId, 'cancelled');
    await waitUntil('the end of the message', async () => (await lab.message(messageId))?.status === 'failed');
    expect(lab.worker.tracesOf(runId)).toEqual(['step_1 start']);
  });
});
