import { afterEach, expect, it } from 'vitest';
import type { RunEvent } from '../../shared/model/events.ts';
import type { RunSummary } from '../../shared/model/run.ts';
import { cleanUp, created, newRun, openStore, summary } from './store.test-support.ts';

afterEach(cleanUp);

const FAILED = { code: 'tool.failed', kind: 'external', retryable: false, message: 'No network' } as const;

it('a failure of a schedule is closed by a later start of the same schedule that came through, and by no other', async () => {
  const store = openStore();
  const put = async (runId: string, at: number, isFailed: boolean, startKey: string | null): Promise<void> => {
    const run: RunSummary = summary(runId, {
      ...{ createdAt: at, startedAt: at, completedAt: at + 1, trigger: 'schedule' },
      ...(isFailed ? { status: 'failed', outcome: 'failed', error: FAILED } : {}),
    });
    const end: RunEvent = {
      type: isFailed ? 'run.failed' : 'run.completed',
      ...{
        outcome: isFailed ? 'failed' : 'success',
        outputs: {},
        error: run.error,
        successConditions: [],
        warnings: [],
      },
    };
    const events = [created(), end];
    await store.journal.append(newRun(store, { run, startKey, events }));
  };
  const key = (job: string, minute: number): string => `schedule:${job}:2026-03-01T08:0${minute}:00.000Z`;
  await put('one', 1000, true, key('flow/one', 1));
  await put('two', 2000, true, key('flow/two', 2));
  await put('hand', 3000, true, null);
  const open = () => store.failures.open(0, 10).map(({ runNo }) => store.runs.byNumber(runNo)?.runId);
  expect(open()).toEqual(['hand', 'two', 'one']);
  await put('by-hand', 4000, false, null);
  await put('earlier', 500, false, key('flow/one', 0));
  expect(open()).toEqual(['hand', 'two', 'one']);
  await put('later', 5000, false, key('flow/one', 5));
  expect(open()).toEqual(['hand', 'two']);
  store.runs.delete('two');
  expect(open()).toEqual(['hand']);
});
