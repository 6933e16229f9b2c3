import { expect, it } from 'vitest';
import { NO_USAGE } from '../../shared/model/agent.ts';
import type { AttemptRecord, StepRecord } from './run-state.ts';
import { newStepRecord, StepTable } from './step-table.ts';

const AT = 1_796_006_263_822;

function completed(turn: number, id: string, more: Partial<StepRecord> = {}): StepRecord {
  const place = { frame: `each[${turn}]`, kind: 'action', index: id === 'a' ? 1 : 2, name: id, isCall: false } as const;
  const times = { startedAt: AT + turn * 10, completedAt: AT + turn * 10 + 3 };
  const attempt: AttemptRecord = {
    ...{ ...times, attempt: 1, role: 'main', status: 'completed', error: null, agent: null },
    ...{ startPosition: turn * 4 + 2, endPosition: turn * 4 + 3 },
  };
  const record = newStepRecord({ ...place, path: `each[${turn}].${id}`, order: turn * 2 + (id === 'a' ? 0 : 1) });
  const said = { effect: 'read', calls: 't.say', variable: 'v', status: 'completed', attempt: 1 } as const;
  return Object.assign(
    record,
    times,
    said,
    { now: AT + turn * 10 - 1, output: { turn }, endedBy: turn * 4 + 3, attempts: [attempt] },
    more,
  );
}

const isPutAway = (table: StepTable, path: string): boolean => Object.isFrozen(table.get(path));

it('says of a step that it has put away all that its record said, in its place', () => {
  const table = new StepTable();
  const told = [0, 1, 2].flatMap((turn) => [completed(turn, 'a'), completed(turn, 'b', { calls: `t.${turn}` })]);
  for (const record of told) table.add(record);
  const before = structuredClone(told);
  for (const turn of [1, 0, 2]) table.endFrame(`each[${turn}]`);
  expect(told.every(({ path }) => isPutAway(table, path))).toBe(true);
  expect([...table.values()]).toEqual(before);
  expect([...table].map(([path]) => path)).toEqual(before.map(({ path }) => path));
  expect([table.size, table.get('each[3].a'), table.open('each[3].a')]).toEqual([6, undefined, undefined]);
});

it('what a step that it has put away warned of, said about its output and spent stays said', () => {
  const table = new StepTable();
  const spending = { model: 'm', usage: NO_USAGE, costE10: 5, calls: 1, unpricedCalls: 0 };
  const told = [
    completed(0, 'a', { spending }),
    completed(0, 'b', { warnings: [{ code: 'w', message: 'w' }] }),
    completed(1, 'a'),
    completed(1, 'b', { metadata: { cached_at: 1 }, spending }),
  ];
  for (const record of told) table.add(record);
  const before = structuredClone(told);
  for (const turn of [1, 0]) table.endFrame(`each[${turn}]`);
  expect(told.map(({ path }) => isPutAway(table, path))).toEqual([true, true, true, true]);
  expect([...table.values()]).toEqual(before);
  const spent = [
    { path: 'each[0].a', spending },
    { path: 'each[1].b', spending },
  ];
  expect(table.spenders()).toEqual(spent);
  expect(table.open('each[0].a')).toEqual(before[0]);
  expect(table.spenders()).toEqual(spent);
});

const ERROR = { code: 'tool.failed', message: 'no', kind: 'external', retryable: false } as const;
it.each<[string, Partial<StepRecord>]>([
  ['failed', { status: 'failed', error: ERROR }],
  ['was left out', { status: 'skipped', attempts: [], attempt: 0, skipReason: 'disabled' }],
  ['was tried twice', { attempt: 2, failures: 1 }],
  ['is a call of an agent', { isCall: true }],
  ['came to its fallback', { fallbackUsed: true }],
  ['ended in half a millisecond', { completedAt: AT + 0.5 }],
  ['was given an output by a person', { endedBy: 0 }],
  ['was marked by a person', { endedWithoutAttempt: { status: 'completed', at: AT, position: 3 } }],
])('keeps the record of one that %s', (_what, more) => {
  const table = new StepTable();
  const record = completed(0, 'a', more);
  table.add(record);
  table.endFrame('each[0]');
  expect(table.get(record.path)).toBe(record);
});

it('puts nothing away of a turn that is not through, nor outside of loops', () => {
  const table = new StepTable();
  const outside = completed(0, 'a', { path: 'branch.a', frame: 'branch' });
  const open = completed(1, 'a');
  for (const record of [outside, open]) table.add(record);
  for (const frame of ['branch', 'each[2]']) table.endFrame(frame);
  expect([table.get('branch.a') === outside, table.get('each[1].a') === open]).toEqual([true, true]);
});

it('takes out whole what is to be changed, and what is changed stays changed', () => {
  const table = new StepTable();
  for (const turn of [1, 11]) for (const id of ['a', 'b']) table.add(completed(turn, id));
  for (const turn of [1, 11]) table.endFrame(`each[${turn}]`);
  expect(() => Object.assign(table.get('each[1].a') ?? {}, { status: 'pending' })).toThrow(TypeError);
  const opened = table.openIn('each[1]');
  expect(opened.map(({ path }) => path)).toEqual(['each[1].a', 'each[1].b']);
  for (const record of opened) record.status = 'pending';
  expect(table.get('each[1].a')).toEqual({ ...completed(1, 'a'), status: 'pending' });
  expect([isPutAway(table, 'each[1].b'), isPutAway(table, 'each[11].b')]).toEqual([false, true]);
});
