import i18next from 'i18next';
import type { Condition, Step, StepGroup } from '../../../shared/model/workflow.ts';

/** A line of the step list: a step, or the name of a nested group such as "otherwise". */
export type StepRow =
  | {
      readonly kind: 'step';
      readonly key: string;
      readonly number: string;
      readonly depth: number;
      readonly step: Step;
      /** In words, without "if"; null when it always runs. */
      readonly condition: string | null;
      /** How many items at once, for `for_each` and `parallel`; null when one after the other. */
      readonly atOnce: number | null;
    }
  | {
      readonly kind: 'group';
      readonly key: string;
      readonly depth: number;
      readonly word: GroupWord;
      readonly name: string;
      readonly condition: string | null;
    };

export type GroupWord = 'else' | 'elif' | 'case' | 'default' | 'branch' | 'catch' | 'finally';

const word = (key: string): string => i18next.t(`workflow:condition.${key}`);

const OPERATORS: readonly (readonly [RegExp, string])[] = [
  [/\s*!==?\s*/g, 'isNot'],
  [/\s*===?\s*/g, 'is'],
  [/\s*>=\s*/g, 'atLeast'],
  [/\s*<=\s*/g, 'atMost'],
  [/\s*>\s*/g, 'above'],
  [/\s*<\s*/g, 'below'],
  [/\s*&&\s*/g, 'and'],
  [/\s*\|\|\s*/g, 'or'],
];

/** A condition as an operator reads it: no braces, comparisons as words; quoted text stays as it is. Null = always. */
export function conditionWords(condition: Condition): string | null {
  if (typeof condition === 'boolean') return condition ? null : word('never');
  const bare = condition.replace(/^\s*\{\{\s*|\s*\}\}\s*$/g, '').replace(/\}\}|\{\{/g, '');
  const parts = bare.split(/("[^"]*"|'[^']*')/);
  const words = parts.map((part, index) =>
    index % 2 === 1
      ? part
      : OPERATORS.reduce((text, [operator, key]) => text.replace(operator, ` ${word(key)} `), part),
  );
  return words.join('').replace(/ {2,}/g, ' ').trim();
}

const joined = (conditions: readonly Condition[]): string | null => {
  const words = conditions.flatMap((condition) => conditionWords(condition) ?? []);
  return words.length === 0 ? null : words.join(` ${word('and')} `);
};

/** Groups that need no line of their own: what stands in them is simply "inside" the step. */
const SILENT = new Set(['then', 'body', 'steps', 'try']);

export function groupWord(name: string): { readonly word: GroupWord; readonly name: string } | null {
  if (SILENT.has(name)) return null;
  const [head = '', rest = ''] = name.split(/:(.*)/s);
  if (
    head === 'else' ||
    head === 'elif' ||
    head === 'case' ||
    head === 'default' ||
    head === 'catch' ||
    head === 'finally'
  )
    return { word: head, name: rest };
  return { word: 'branch', name: head === 'branch' ? rest : name };
}

function stepCondition(step: Step): string | null {
  const own = joined(step.conditions);
  if (own !== null || (step.kind !== 'if' && step.kind !== 'while' && step.kind !== 'switch')) return own;
  const written = step.kind === 'if' ? step.detail.if : step.kind === 'while' ? step.detail.while : step.detail.switch;
  if (typeof written === 'string') return conditionWords(written);
  const first = step.groups[0]?.condition;
  return first === undefined ? null : conditionWords(first);
}

function atOnceOf(step: Step): number | null {
  const concurrency = step.kind === 'for_each' || step.kind === 'parallel' ? (step.detail.concurrency ?? 1) : 1;
  return concurrency > 1 ? concurrency : null;
}

function groupRows(step: Step, number: string, depth: number): StepRow[] {
  const rows: StepRow[] = [];
  let count = 0;
  step.groups.forEach((group: StepGroup, index) => {
    const label = groupWord(group.name);
    if (label !== null && group.steps.length > 0) {
      const condition = group.condition === undefined ? null : conditionWords(group.condition);
      rows.push({ kind: 'group', key: `${number} ${index} ${group.name}`, depth, ...label, condition });
    }
    for (const child of group.steps) {
      count += 1;
      rows.push(...rowsOf(child, `${number}.${count}`, depth));
    }
  });
  return rows;
}

function rowsOf(step: Step, number: string, depth: number): StepRow[] {
  const row: StepRow = {
    kind: 'step',
    key: number,
    number,
    depth,
    step,
    condition: stepCondition(step),
    atOnce: atOnceOf(step),
  };
  return [row, ...groupRows(step, number, depth + 1)];
}

/** The step tree as numbered lines, nested ones after their parent. */
export const toStepRows = (steps: readonly Step[]): readonly StepRow[] =>
  steps.flatMap((step, index) => rowsOf(step, String(index + 1), 0));
