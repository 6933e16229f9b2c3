import { expect, it } from 'vitest';
import type { RunSummary } from '../../../shared/model/run.ts';
import { groupCauses } from './causes.ts';

const run = (runId: string, message: string, more: Partial<RunSummary> = {}): RunSummary =>
  ({
    runId,
    workflowName: 'Invoice triage',
    parentRunId: null,
    linkedRunId: null,
    error: { code: 'tool.failed', message },
    ...more,
  }) as RunSummary;

it('puts runs together that failed alike, whatever their numbers and names', () => {
  const causes = groupCauses(
    [
      run('a', "Script 'mail.post' failed with exit code 3"),
      run('b', 'The disk is full'),
      run('c', "Script 'mail.send' failed with exit code 4", { workflowName: 'Email triage' }),
      run('d', "Script 'mail.post' failed with exit code 3"),
    ],
    [],
  );
  expect(causes.map(({ message, runs, workflows }) => [message, runs.map(({ runId }) => runId), workflows])).toEqual([
    [
      "Script 'mail.post' failed with exit code 3",
      ['a', 'c', 'd'],
      [
        { name: 'Invoice triage', runs: 2 },
        { name: 'Email triage', runs: 1 },
      ],
    ],
    ['The disk is full', ['b'], [{ name: 'Invoice triage', runs: 1 }]],
  ]);
});

it('leaves out what was begun again, and what failed with the run that it was part of', () => {
  const again = run('b', 'x', { linkedRunId: 'a' });
  expect(groupCauses([run('a', 'x'), run('c', 'x', { parentRunId: 'a' })], [again])).toEqual([]);
});
