import type { Colors } from 'picocolors/types';
import type { SuccessConditionResult } from '../../shared/model/run.ts';
import { oneLine } from './plain-text.ts';

const LOOK = {
  met: { icon: '✓', word: 'Met', color: 'green' },
  unmet: { icon: '✗', word: 'Not met', color: 'red' },
  unknown: { icon: '?', word: 'Unknown', color: 'yellow' },
} as const;

/** Each condition of success with what became of it (SPEC §1.9), a line each; nothing where a run has none. */
export const conditionLines = (conditions: readonly SuccessConditionResult[], paint: Colors): readonly string[] =>
  conditions.map(({ condition, result }) => {
    const { icon, word, color } = LOOK[result];
    return `  ${paint[color](`${icon} ${word}`)}  success condition: ${oneLine(condition)}`;
  });
