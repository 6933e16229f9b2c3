import type { Condition, Step, StepGroup } from '../../../shared/model/workflow.ts';
import { conditionWord, conditionWords } from '../../ui/condition-words.ts';

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

const joined = (conditions: readonly Condition[]): string | null => {
  const words = conditions.flatMap((condition) => conditionWords(condition) ?? []);
  return words.length === 0 ? null : words.join(` ${conditionWord('and')} `);
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
