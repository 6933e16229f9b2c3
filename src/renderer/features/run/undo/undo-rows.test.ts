import { expect, it } from 'vitest';
import type { FileChange, FileText } from '../../../../shared/model/file-undo.ts';
import { undoHunks, undoLines } from './undo-lines.ts';
import { choose, chooseAll, chosenFiles, NO_CHOICES, undoRows, undoVerb } from './undo-rows.ts';

const file = (hash: string, mode = 0o644) => ({ kind: 'file', mode, size: 1, hash }) as const;
const change = (path: string, more: Partial<FileChange> = {}): FileChange => ({
  ...{ root: 'project', path, change: 'changed', state: 'undoable', steps: ['step_1'], renamed: null },
  ...{ before: file('a'), after: file('b') },
  ...more,
});
const text = (value: string): FileText => ({ kind: 'text', text: value });

it('puts back what can be, unless it is left, and what others changed only when it is named', () => {
  const changes = [change('a'), change('b'), change('c', { state: 'changed_since' }), change('d', { state: 'undone' })];
  const [a, , c, d] = changes as [FileChange, FileChange, FileChange, FileChange];
  expect(chosenFiles(changes, NO_CHOICES)).toMatchObject({
    count: 2,
    overwrite: [],
    places: [{ path: 'a' }, { path: 'b' }],
  });
  const chosen = choose(choose(choose(NO_CHOICES, a, false), c, true), d, true);
  expect(chosenFiles(changes, chosen)).toEqual({
    ...{ count: 2, places: [{ root: 'project', path: 'b' }], overwrite: [{ root: 'project', path: 'c' }] },
  });
  expect(chosenFiles(changes, chooseAll(changes, false)).count).toBe(0);
  expect(chosenFiles(changes, chooseAll(changes, true)).count).toBe(2);
  expect(chosenFiles(changes, choose(choose(chosen, a, true), c, false))).toMatchObject({ count: 2, overwrite: [] });
});

it('says of each file what becomes of it', () => {
  const none = { before: null, change: 'added' } as const;
  expect(undoVerb(change('a', none))).toBe('remove');
  expect(undoVerb(change('a', { after: null, change: 'removed' }))).toBe('bring');
  expect(undoVerb(change('a', { ...none, renamed: { root: 'project', path: 'b' } }))).toBe('rename');
  expect(undoVerb(change('a', { after: file('a', 0o755) }))).toBe('mode');
  expect(undoVerb(change('a'))).toBe('restore');
});

it('lists what else the run did by what can become of it, and an undo with the one that took it back', () => {
  const planned = {
    path: 'step_1',
    name: 'Send',
    strategy: 'compensate',
    actions: [],
    gap: null,
    hasFailed: false,
  } as const;
  const undo = { at: 1, by: 'user:eva', undoes: null, counts: null };
  const undos = [
    { ...undo, name: 'undo-1' },
    { ...undo, name: 'undo-2', undoes: 'undo-1' },
  ];
  const rows = undoRows(
    { isCovered: true, changes: [change('a')], gaps: [], undos },
    [planned, { ...planned, path: 'step_2', gap: 'no_action' }],
    [],
  );
  expect(rows.effects).toMatchObject([
    { effect: { as: 'compensatable', hasFiles: true } },
    { effect: { as: 'irreversible', hasFiles: false } },
  ]);
  expect(rows.undos).toMatchObject([
    { key: 'undo undo-2', takenBackBy: null },
    { key: 'undo undo-1', takenBackBy: 'undo-2' },
  ]);
});

it('tells lines of the run from those that somebody wrote since', () => {
  const lines = undoLines({
    before: text('1\n2\nend\n'),
    after: text('1\nrun\nend\n'),
    now: text('1\nrun\nclerk\nend\n'),
  });
  expect(lines?.map(({ sign, text: line, isForeign, now, before }) => [sign, line, isForeign, now, before])).toEqual([
    [' ', '1', false, 1, 1],
    ['-', 'run', false, 2, null],
    ['-', 'clerk', true, 3, null],
    ['+', '2', false, null, 2],
    [' ', 'end', false, 4, 3],
  ]);
  expect(undoLines({ before: { kind: 'none' }, after: text('a'), now: text('a') })).toMatchObject([
    { sign: '-', text: 'a' },
  ]);
  expect(undoLines({ before: { kind: 'binary', size: 9 }, after: text('a'), now: text('a') })).toBeNull();
});

it('shows three lines around a change, and says how many it leaves out', () => {
  const many = Array.from({ length: 20 }, (_, at) => `${at}`);
  const now = text(many.with(10, 'x').join('\n'));
  const hunks = undoHunks(undoLines({ before: text(many.join('\n')), after: now, now }) ?? []);
  expect(hunks.map((one) => ('skipped' in one ? one.skipped : one.text))).toEqual([
    ...[7, '7', '8', '9', 'x', '10', '11', '12', '13', 6],
  ]);
  expect(undoHunks([])).toEqual([]);
});
