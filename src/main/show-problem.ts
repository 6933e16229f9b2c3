import { dialog } from 'electron';
import type { ErrorRecord } from '../shared/errors.ts';
import { worded } from './words/index.ts';

/** Says in a dialog of the system what went wrong and what to do next. */
export function showProblem({ message, hint }: Pick<ErrorRecord, 'message' | 'hint'>): void {
  dialog.showErrorBox('aiworkflow', hint === undefined ? worded(message) : `${worded(message)}\n\n${worded(hint)}`);
}
