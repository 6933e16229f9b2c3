import { describe, expect, it } from 'vitest';
import { diffLines } from '../../../shared/diff-lines.ts';
import type { ApprovedStep } from '../../../shared/model/approval.ts';
import { stepChanges, valueChange } from './step-changes.ts';

const shown = (before: string, after: string): string =>
  diffLines(before.split('|'), after.split('|'))
    .map(({ sign, text }) => sign + text)
    .join('|');
const step = (path: string, more: Partial<ApprovedStep> = {}): ApprovedStep => ({
  path,
  name: `Step ${path}`,
  condition: null,
  action: 'mail.send',
  inputs: {},
  effect: 'effect',
  isExact: true,
  ...more,
});

describe('lines of two texts', () => {
  it('tell what goes, what comes and what stays, in order', () => {
    expect(shown('a|b|c', 'a|b|c')).toBe(' a| b| c');
    expect(shown('a|b|c', 'a|x|c')).toBe(' a|-b|+x| c');
    expect(shown('a|b', 'a|b|c')).toBe(' a| b|+c');
    expect(shown('a|b|c|d', 'b|d|e')).toBe('-a| b|-c| d|+e');
  });

  it('of any length give back both texts', () => {
    const text = (seed: number): string[] => Array.from({ length: 300 }, (_, at) => String((at * seed) % 7));
    const [before, after] = [text(3), text(5)];
    const lines = diffLines(before, after);
    expect(lines.filter(({ sign }) => sign !== '+').map((line) => line.text)).toEqual(before);
    expect(lines.filter(({ sign }) => sign !== '-').map((line) => line.text)).toEqual(after);
    const long = Array.from({ length: 3000 }, (_, at) => `${at}`);
    expect(diffLines(long, [...long].reverse())).toHaveLength(6000);
  });
});

it('a step is new, gone, or done otherwise; one that is done alike is left out', () => {
  const before = [step('a', { inputs: { to: 'Ada', text: 'one\ntwo' } }), step('b'), step('c')];
  const after = [step('a', { inputs: { to: 'Ben', text: 'one\nthree' } }), step('c'), step('d')];
  const changes = stepChanges(before, after);
  expect(changes.map(({ key, kind }) => [key, kind])).toEqual([
    ['a', 'changed'],
    ['d', 'added'],
    ['b', 'removed'],
  ]);
  expect(changes[0]?.lines.map(({ sign, text }) => sign + text)).toEqual([
    ' mail.send',
    '-to: Ada',
    '+to: Ben',
    ' text:',
    '   one',
    '-  two',
    '+  three',
  ]);
  expect(stepChanges([step('a', { condition: 'x' })], [step('a', { condition: 'y' })])).toHaveLength(1);
  expect(valueChange('Draft', { a: 1, b: 2 }, { b: 2, a: 1 })).toBeNull();
  expect(valueChange('Draft', 'one', 'two')?.lines).toHaveLength(2);
});
