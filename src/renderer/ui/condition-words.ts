import i18next from 'i18next';
import type { Condition } from '../../shared/model/workflow.ts';

/** A word between parts of conditions. */
export const conditionWord = (key: string): string => i18next.t(`workflow:condition.${key}`);

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
  if (typeof condition === 'boolean') return condition ? null : conditionWord('never');
  const bare = condition.replace(/^\s*\{\{\s*|\s*\}\}\s*$/g, '').replace(/\}\}|\{\{/g, '');
  const parts = bare.split(/("[^"]*"|'[^']*')/);
  const words = parts.map((part, index) =>
    index % 2 === 1
      ? part
      : OPERATORS.reduce((text, [operator, key]) => text.replace(operator, ` ${conditionWord(key)} `), part),
  );
  return words.join('').replace(/ {2,}/g, ' ').trim();
}
