import type { RollbackView } from '../../shared/contract/index.ts';
import type { UndoEnd, UndoGap } from '../../shared/model/undo.ts';
import type { CliContext } from '../context.ts';
import { oneLine, plainText } from './plain-text.ts';

const GAPS: Readonly<Record<UndoGap, string>> = {
  no_action: 'the workflow names nothing that takes it back',
  not_worked_out: 'what takes it back could not be worked out',
  own_run: 'it is a run of its own: roll that one back',
  unknown_end: 'it was cut short, and nobody knows what it did',
};

const WORDS = { completed: 'undone', failed: 'not undone', skipped: 'left as it is' } as const;

/** What became of a rollback, step by step; no lines where there was none. */
export function rollbackLines(rollback: RollbackView | null, paint: CliContext['colors']['out']): readonly string[] {
  if (rollback === null) return [];
  const { status, steps } = rollback;
  const head = {
    in_progress: 'The rollback has not ended.',
    in_doubt: 'The rollback waits for a decision: nobody knows how an undo ended.',
    completed: 'Rolled back:',
    partial: paint.yellow('Rolled back in part:'),
  }[status];
  return [
    head,
    ...steps.map(({ name, end, error }) => {
      const why = end?.gap === undefined ? error : GAPS[end.gap];
      return `  ${wordOf(end, paint)}  ${oneLine(name)}${why === null ? '' : `: ${plainText(why)}`}`;
    }),
  ];
}

function wordOf(end: UndoEnd | null, paint: CliContext['colors']['out']): string {
  if (end === null) return 'still to come';
  if (end.gap !== undefined) return paint.yellow('not undoable');
  return end.status === 'failed' ? paint.red(WORDS.failed) : WORDS[end.status];
}
