import { beforeAll, describe, expect, it } from 'vitest';
import type { Step, StepGroup } from '../../../shared/model/workflow.ts';
import { startI18n } from '../../i18n/index.ts';
import { conditionWords } from '../../ui/condition-words.ts';
import { groupWord, toStepRows } from './step-rows.ts';

beforeAll(startI18n);

const step = (id: string, rest: object = {}): Step =>
  ({
    id,
    kind: 'action',
    name: id,
    description: '',
    place: { line: 1, column: 1 },
    enabled: true,
    inputs: {},
    conditions: [],
    onError: [],
    groups: [],
    detail: {},
    ...rest,
  }) as Step;
const group = (name: string, steps: readonly Step[]): StepGroup => ({ name, steps });

describe('conditionWords', () => {
  it.each([
    ['{{ total > 1000 }}', 'total is above 1000'],
    ['a == "x>=y" and b != 2', 'a is "x>=y" and b is not 2'],
    ['n >= 1 && m<=2', 'n is at least 1 and m is at most 2'],
    ['report is defined', 'report is defined'],
    [true, null],
    [false, 'never'],
  ])('%j -> %j', (condition, words) => {
    expect(conditionWords(condition)).toBe(words);
  });
});

describe('toStepRows', () => {
  it('numbers nested steps and names the groups that need a name', () => {
    const tree = [
      step('one', { conditions: ['a > 1', 'b'] }),
      step('loop', {
        kind: 'for_each',
        detail: { concurrency: 4 },
        groups: [
          group('body', [
            step('choice', {
              kind: 'if',
              detail: { if: 'x' },
              groups: [group('then', [step('t')]), group('else', [step('e')])],
            }),
          ]),
        ],
      }),
    ];
    const lines = toStepRows(tree).map((row) =>
      row.kind === 'step' ? `${row.number} ${row.step.id} ${row.condition ?? ''} ${row.atOnce ?? ''}`.trim() : row.word,
    );
    expect(lines).toEqual(['1 one a is above 1 and b', '2 loop  4', '2.1 choice x', '2.1.1 t', 'else', '2.1.2 e']);
    expect(new Set(toStepRows(tree).map((row) => row.key)).size).toBe(6);
  });

  it('tells groups by their names', () => {
    expect(groupWord('then')).toBeNull();
    expect(groupWord('case:paid:late')).toEqual({ word: 'case', name: 'paid:late' });
    expect(groupWord('branch:tests')).toEqual({ word: 'branch', name: 'tests' });
    expect(groupWord('catch:0')).toEqual({ word: 'catch', name: '0' });
  });
});
