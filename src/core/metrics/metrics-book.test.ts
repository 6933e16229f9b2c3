import { afterEach, describe, expect, it } from 'vitest';
import type { RunEvent, StoredEvent } from '../../shared/model/events.ts';
import type { Store } from '../storage/index.ts';
import { ACTOR, cleanUp, created, makeFolder, newRun, openStore, summary } from '../storage/store.test-support.ts';
import { MetricsBook } from './metrics-book.ts';

afterEach(cleanUp);

const bookOf = (store: Store, workflowIds: readonly string[] = ['flow']): MetricsBook =>
  new MetricsBook({
    rows: store.metrics,
    version: '1.2.3',
    approvalsPending: () => 0,
    queues: async () => [],
    agents: async () => [],
    workflowIds: async () => workflowIds,
  });

const started = (path: string): RunEvent => ({
  type: 'step.started',
  path,
  index: 1,
  name: path,
  variable: null,
  attempt: 1,
  now: 0,
  action: 'workflow.noop',
  effect: 'pure',
  inputs: {},
  role: 'main',
});
const failed = (path: string, retryAt: number | null): RunEvent => ({
  type: 'step.failed',
  path,
  attempt: 1,
  error: { code: 'tool.failed', message: 'no', retryable: false } as never,
  retryAt,
  fallback: null,
  policy: 'continue',
  warnings: [],
});
const done = (path: string): RunEvent => ({
  type: 'step.completed',
  path,
  attempt: 1,
  output: null,
  outputs: null,
  variables: null,
  warnings: [],
});
const ended = (type: 'run.completed' | 'run.failed'): RunEvent => ({
  type,
  outcome: 'success',
  outputs: {},
  error: null,
  successConditions: [],
  warnings: [],
});

/** A commit that is not written yet; its positions are taken. */
function commitOf(store: Store, runId: string, events: readonly RunEvent[], workflowId = 'flow') {
  const commit = newRun(store, {
    run: summary(runId, { workflowId }),
    events: [created(), { type: 'run.started' }, ...events],
  });
  // Each event a second after the one before.
  return {
    ...commit,
    events: commit.events.map((one, at): StoredEvent<RunEvent> => ({ ...one, at: one.at + at * 1000, actor: ACTOR })),
  };
}

const counts = async (book: MetricsBook, name: string): Promise<Record<string, number>> => {
  await book.catchUp();
  const family = (await book.families()).find(({ definition }) => definition.name === name);
  return Object.fromEntries(
    (family?.samples ?? []).map(({ labels, value, count = 0 }) => [labels.join(' '), count || value]),
  );
};

describe('the metrics of committed events', () => {
  it('each event is counted once: over restarts, and when it becomes durable after a later one', async () => {
    const folder = makeFolder();
    let store = openStore(folder);
    const early = commitOf(store, 'early', [
      started('a'),
      failed('a', 5),
      started('a'),
      done('a'),
      ended('run.completed'),
    ]);
    const late = commitOf(store, 'late', [started('a'), failed('a', null), ended('run.failed')]);
    await store.journal.append(late);
    let book = bookOf(store);
    expect(await counts(book, 'aiworkflow_workflows_total')).toMatchObject({
      'flow default success': 0,
      'flow default failure': 1,
    });
    await store.journal.append(early);
    for (let time = 0; time < 2; time += 1)
      expect(await counts(book, 'aiworkflow_workflows_total')).toEqual({
        'flow default success': 1,
        'flow default failure': 1,
        'flow default cancelled': 0,
      });
    store.close();
    store = openStore(folder);
    book = bookOf(store);
    expect(await counts(book, 'aiworkflow_workflows_total')).toMatchObject({ 'flow default success': 1 });
    expect(await counts(book, 'aiworkflow_steps_total')).toEqual({
      'flow a success': 1,
      'flow a failure': 1,
      'flow a skipped': 0,
    });
    expect(await counts(book, 'aiworkflow_retries_total')).toEqual({ 'flow a': 1 });
    expect(await counts(book, 'aiworkflow_step_duration_seconds')).toEqual({ 'flow a': 2 });
    expect(book.statistics().workflows.flow).toMatchObject({
      total_executions: 2,
      total_retries: 1,
      total_duration_seconds: 8,
      min_duration_seconds: 3,
      max_duration_seconds: 5,
      avg_duration_seconds: 4,
    });
  });

  it('turns of a loop are one step, calls of an agent are none; a step that began before a restart is measured from there', async () => {
    const folder = makeFolder();
    let store = openStore(folder);
    const call = { ...started('loop[0].ask'), role: 'call' } as RunEvent;
    const first = commitOf(store, 'r', [
      started('loop[0].a'),
      done('loop[0].a'),
      started('loop[12].a'),
      call,
      done('loop[0].ask'),
    ]);
    await store.journal.append(first);
    expect(await counts(bookOf(store), 'aiworkflow_steps_total')).toMatchObject({ 'flow loop.a success': 1 });
    store.close();
    store = openStore(folder);
    const last = first.events.at(-1) as StoredEvent<RunEvent>;
    await store.journal.append({
      ...first,
      isNew: false,
      events: [
        {
          ...last,
          position: store.journal.takePosition(),
          seq: last.seq + 1,
          at: last.at + 7000,
          event: done('loop[12].a'),
        },
      ],
    });
    const book = bookOf(store);
    expect(await counts(book, 'aiworkflow_steps_total')).toEqual({
      'flow loop.a success': 2,
      'flow loop.a failure': 0,
      'flow loop.a skipped': 0,
    });
    const family = (await book.families()).find(
      ({ definition }) => definition.name === 'aiworkflow_step_duration_seconds',
    );
    expect(family?.samples).toMatchObject([{ value: 1 + 9, count: 2 }]);
  });

  it('series of a workflow end with its last run, once it is in no library', async () => {
    const store = openStore();
    await store.journal.append(commitOf(store, 'r', [ended('run.completed')], 'gone'));
    const book = bookOf(store);
    expect(Object.keys(await counts(book, 'aiworkflow_workflows_total'))).toHaveLength(3);
    expect(Object.keys(await counts(bookOf(store, ['gone']), 'aiworkflow_workflows_total'))).toHaveLength(3);
    store.runs.delete('r');
    expect(Object.keys(await counts(bookOf(store, ['gone']), 'aiworkflow_workflows_total'))).toHaveLength(3);
    expect(await counts(book, 'aiworkflow_workflows_total')).toEqual({});
    expect(await counts(bookOf(store), 'aiworkflow_workflow_duration_seconds')).toEqual({});
  });
});
