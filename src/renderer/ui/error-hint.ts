import i18next from 'i18next';
import type { ErrorRecord } from '../../shared/errors.ts';
import { worded } from './worded.ts';

/** A command of the terminal: nothing to do for somebody who looks at a screen. */
const COMMAND = /\baiworkflow [a-z]/;

/** What to do next, in words of the screens: where the engine names a command, the place that does the same. */
export function hintOf({ code, hint }: Pick<ErrorRecord, 'code' | 'hint'>): string | undefined {
  if (hint === undefined) return undefined;
  if (!COMMAND.test(hint)) return worded(hint);
  const key = `everywhere:hint.${code}`;
  return i18next.exists(key) ? i18next.t(key) : worded(hint);
}

/** What is wrong and what to do next, as one text. */
export const errorText = (error: Pick<ErrorRecord, 'code' | 'hint' | 'message'>): string =>
  [worded(error.message), hintOf(error) ?? ''].join(' ').trim();
