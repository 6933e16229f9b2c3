import { expect, it } from 'vitest';
import type { FileEntry } from '../../shared/model/file-undo.ts';
import { netChanges } from './net-changes.ts';
import type { Tree } from './tree.ts';

const file = (hash: string, mode = 0o644): FileEntry => ({ kind: 'file', mode, size: 1, hash });
const tree = (entries: Readonly<Record<string, string>>): Tree =>
  new Map(Object.entries(entries).map(([path, hash]) => [`project:${path}`, file(hash)]));

it('joins what several steps did to a file, and says where somebody else was between them', () => {
  const changes = netChanges([
    { step: 'a', before: tree({ x: '1', y: '1', z: '1' }), after: tree({ x: '2', y: '2', z: '1', gone: '1' }) },
    { step: 'b', before: tree({ x: '2', y: '9', z: '1', gone: '1' }), after: tree({ x: '3', y: '3', z: '1' }) },
  ]);
  expect([...changes]).toEqual([
    ['project:x', { before: file('1'), after: file('3'), steps: ['a', 'b'], isMixed: false }],
    ['project:y', { before: file('1'), after: file('3'), steps: ['a', 'b'], isMixed: true }],
  ]);
});

it('knows a change of mode, and a step that put back what one before it did', () => {
  const [one, other] = [new Map([['run:s', file('1', 0o755)]]), new Map([['run:s', file('1')]])];
  expect(netChanges([{ step: 'a', before: one, after: other }]).size).toBe(1);
  const back = { step: 'b', before: other, after: one };
  expect(netChanges([{ step: 'a', before: one, after: other }, back]).size).toBe(0);
});
