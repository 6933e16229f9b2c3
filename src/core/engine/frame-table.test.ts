import { expect, it } from 'vitest';
import type { RunEvent, StoredEvent } from '../../shared/model/events.ts';
import { FrameList } from './frame-list.ts';
import { FrameTable, newFrame } from './frame-table.ts';
import type { FrameRecord } from './run-state.ts';
import { SettledOutputs } from './settled-outputs.ts';
import { newStepRecord } from './step-table.ts';

const AT = 1_796_006_263_822;

function ended(number: number, more: Partial<FrameRecord> = {}): FrameRecord {
  const place = { path: `each[${number}]`, block: 'each', outer: '', group: 'body', isIsolated: true };
  const frame = newFrame({ ...place, number, itemKey: `key${number}` });
  return Object.assign(frame, { status: 'completed', endedAt: AT + number, output: { number } }, more);
}

/** A journal that holds the end of each turn, and says what it was asked. */
function journal() {
  const asked: (readonly number[])[] = [];
  const read = (seqs: readonly number[]): readonly StoredEvent<RunEvent>[] => {
    asked.push(seqs);
    const place = { path: 'each', frame: 'each[0]', status: 'completed', failure: null, isHandled: false } as const;
    const said = {
      position: 0,
      stream: 'run:r',
      v: 1,
      at: AT,
      actor: { kind: 'system', id: 'engine', door: 'engine' },
    } as const;
    return seqs.map((seq) => ({ ...said, seq, event: { type: 'frame.ended', ...place, output: { from: seq } } }));
  };
  return { asked, read };
}

it('says of a turn that ended well all that its record said, and no more than it can be changed', () => {
  const table = new FrameTable(new SettledOutputs());
  const told = [0, 1, 2, 30].map((number) => ended(number));
  for (const frame of told) table.add(frame);
  const before = structuredClone(told);
  for (const [at, frame] of told.entries()) table.end(frame, 10 + at, []);
  expect(told.map(({ path }) => table.get(path))).toEqual(before);
  expect([...table.values()]).toEqual(before);
  expect([...table].map(([path]) => path)).toEqual(before.map(({ path }) => path));
  expect(() => Object.assign(table.get('each[1]') ?? {}, { status: 'open' })).toThrow(TypeError);
  expect(['each[3]', 'each[01]', 'each[]', 'each', '[1]'].map((path) => table.get(path))).toEqual(
    Array(5).fill(undefined),
  );
  table.delete('each[1]');
  expect([table.get('each[1]'), [...table.values()].length]).toEqual([undefined, 3]);
});

const ERROR = { code: 'tool.failed', message: 'no', kind: 'external', retryable: false } as const;
it.each<[string, Partial<FrameRecord>]>([
  ['failed', { status: 'failed', failure: { error: ERROR, path: 'each[1].a', isFinal: false } }],
  ['was called off', { status: 'cancelled' }],
  ['is no turn', { path: 'each:then', number: null }],
  ['is the turn of another loop', { block: 'other' }],
])('keeps the record of one that %s', (_what, more) => {
  const table = new FrameTable(new SettledOutputs());
  const frame = ended(1, more);
  table.add(frame);
  table.end(frame, 4, []);
  expect(table.get(frame.path)).toBe(frame);
});

it('leaves what turns gave to the journal once it stands there, and reads it for all of them at once', () => {
  const outputs = new SettledOutputs();
  const { asked, read } = journal();
  outputs.readFrom(read);
  const table = new FrameTable(outputs);
  for (const number of [0, 1, 2]) {
    table.add(ended(number));
    table.end(table.get(`each[${number}]`) as FrameRecord, 10 + number, []);
  }
  outputs.written(11);
  expect([table.get('each[2]')?.output, table.get('each[2]')?.status, asked]).toEqual([{ number: 2 }, 'completed', []]);
  expect(table.get('each[0]')?.output).toEqual({ from: 10 });
  const all = table.all(['each[1]', 'each[0]', 'each[2]', 'each[9]']);
  expect(all.map((frame) => frame?.output)).toEqual([{ from: 11 }, { from: 10 }, { number: 2 }, undefined]);
  expect(asked).toEqual([[10], [10, 11]]);
});

it('what is missing in the journal is said, not taken for nothing', () => {
  const outputs = new SettledOutputs();
  outputs.readFrom(() => []);
  outputs.written(9);
  outputs.put(3, 'x');
  expect(() => outputs.get(3)).toThrow(expect.objectContaining({ code: 'store.corrupt' }));
});

it('variables of a turn that hold what a step gave are there too, and others stay what they are', () => {
  const outputs = new SettledOutputs();
  const { read } = journal();
  outputs.readFrom(read);
  const table = new FrameTable(outputs);
  const place = {
    path: 'each[0].a',
    frame: 'each[0]',
    order: 1,
    kind: 'action',
    index: 0,
    name: 'a',
    isCall: false,
  } as const;
  const step = Object.assign(newStepRecord(place), { output: { given: true }, variable: 'found', endedBy: 7 });
  const set = new Map<string, FrameRecord['output']>([
    ['found', step.output],
    ['set', [1]],
  ]);
  const frame = ended(0, { variables: set });
  table.add(frame);
  outputs.put(step.endedBy, step.output);
  table.end(frame, 8, [step]);
  expect(table.get('each[0]')?.variables).toEqual(set);
  outputs.written(8);
  const after = new Map<string, FrameRecord['output']>([
    ['found', { from: 7 }],
    ['set', [1]],
  ]);
  expect(table.get('each[0]')?.variables).toEqual(after);
  expect(table.all(['each[0]'])[0]?.variables).toEqual(after);
});

it('a list of frames counts turns and names the others', () => {
  const turns = new FrameList('each');
  expect([turns.length, turns.first, turns.last]).toEqual([0, undefined, undefined]);
  for (const path of ['each[0]', 'each[1]']) turns.push(path);
  expect([[...turns], turns.length, turns.first, turns.last]).toEqual([
    ['each[0]', 'each[1]'],
    2,
    'each[0]',
    'each[1]',
  ]);
  expect(['each[1]', 'each[2]', 'other[0]'].map((path) => turns.includes(path))).toEqual([true, false, false]);
  const branches = new FrameList('try');
  for (const path of ['try:try', 'try:finally']) branches.push(path);
  branches.remove('try:finally');
  expect([[...branches], branches.first, branches.includes('try:finally')]).toEqual([['try:try'], 'try:try', false]);
});
