import { beforeAll, expect, it } from 'vitest';
import type { TriggerSummary } from '../../../shared/contract/index.ts';
import type { RunSummary } from '../../../shared/model/run.ts';
import type { CalendarView } from '../../client/trigger-queries.ts';
import { startI18n } from '../../i18n/index.ts';
import { dayRows } from './day-rows.ts';

beforeAll(startI18n);

const run = (workflowId: string, status: RunSummary['status'], createdAt: number): RunSummary =>
  ({ workflowId, workflowName: workflowId, status, createdAt, startedAt: null, parentRunId: null }) as RunSummary;
const trigger = {
  key: 'mail/hourly',
  kind: 'schedule',
  workflowId: 'mail',
  workflowName: 'mail',
  config: { schedule: '0 * * * *' },
};
const calendar = {
  rows: new Map([
    [
      'mail/hourly',
      {
        spans: [
          { mark: 'ran', from: 5, until: 5, count: 1 },
          { mark: 'missed', from: 7, until: 7, count: 1 },
          { mark: 'planned', from: 20, until: 40, count: 3 },
        ],
      },
    ],
  ]),
} as unknown as CalendarView;

it('shows each run once as it stands, with what was missed and what is planned, the fullest row first', () => {
  const rows = dayRows({
    runs: [run('mail', 'failed', 5), run('report', 'in_doubt', 9)],
    triggers: [trigger as unknown as TriggerSummary],
    calendar,
  });
  expect(rows.map(({ name, spans }) => [name, spans.map(({ look, count }) => `${count} ${look}`)])).toEqual([
    ['mail', ['1 failed', '1 missed', '3 planned']],
    ['report', ['1 in_doubt']],
  ]);
  expect(rows[0]?.starts).toContain('every hour');
});

it('has no row for a trigger of which there is nothing to show', () => {
  expect(dayRows({ runs: [], triggers: [trigger as unknown as TriggerSummary], calendar: null })).toEqual([]);
});
