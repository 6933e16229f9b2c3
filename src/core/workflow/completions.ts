import type { Completions } from '../../shared/contract/index.ts';
import { candidatesFor } from '../../shared/suggest-name.ts';

/** Stands for the word that is not written yet: no text has it, and every reader takes it for a name. */
const MARK = 'aiwunwritten0';
const MAX_OPTIONS = 500;
const BEFORE = /[\p{L}\p{N}_-]*$/u;
const AFTER = /^[\p{L}\p{N}_-]*/u;

/**
 * What may stand at a place of a workflow's text (1-based): a word that nobody knows is put there, and what the reader would say that it
 * may have meant are the keys, actions, variables, inputs and words that belong there. `read` reads a text whole, at once; so there is no
 * second list of anything.
 */
export function completionsAt(
  text: string,
  place: { readonly line: number; readonly column: number },
  read: (text: string) => void,
): Completions {
  const lines = text.split('\n');
  const line = lines[place.line - 1] ?? '';
  const head = line.slice(0, place.column - 1).replace(BEFORE, '');
  const tail = line.slice(place.column - 1).replace(AFTER, '');
  const found = (marked: string): readonly string[] =>
    candidatesFor(MARK, () => read(lines.with(place.line - 1, marked).join('\n'))).slice(0, MAX_OPTIONS);
  const from = head.length + 1;
  const isFirst = /^\s*(?:- +)*$/.test(head) && tail.trim() === '';
  const keys = isFirst ? found(`${head}${MARK}: x`) : [];
  const values = isFirst && !head.includes('-') ? [] : found(`${head}${MARK}${closed(head, tail)}`);
  return { from, keys, values: values.filter((value) => !keys.includes(value)) };
}

/** What comes behind the word, with the quotes and braces that are still open in front of it. */
function closed(head: string, tail: string): string {
  const opened = head.lastIndexOf('{{');
  const isTemplate = opened > head.lastIndexOf('}}') && !tail.includes('}}');
  const quote = /:\s*(["'])(?:(?!\1).)*$/.exec(head)?.[1];
  return `${tail}${isTemplate ? ' }}' : ''}${quote === undefined || tail.includes(quote) ? '' : quote}`;
}
