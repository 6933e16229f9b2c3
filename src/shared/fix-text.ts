import type { Diagnostic } from './model/diagnostic.ts';
import { suggestName } from './suggest-name.ts';

/** A change of one line: what stands from `from` to `to` (0-based columns) becomes `text`. */
export interface LineEdit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

const NAME = /[\p{L}\p{N}_$][\p{L}\p{N}_$-]*/gu;

/**
 * What a fix of a diagnostic changes in its line, or null where it says in words what a person has to do. A name that was meant takes the
 * place of the first one at or behind the place of the diagnostic that is near to it; a heading, of the whole line.
 */
export function fixEdit({ fix, column = 1 }: Pick<Diagnostic, 'fix' | 'column'>, line: string): LineEdit | null {
  const meant = fix === undefined ? null : /^Did you mean '([^']+)'\?$/.exec(fix)?.[1];
  if (meant !== null && meant !== undefined) return nameEdit(meant, line, column - 1);
  const written = fix === undefined ? null : (/^Write '([^']+)'\.$/.exec(fix)?.[1] ?? null);
  if (written === null) return null;
  if (/^#{1,6} /.test(written)) return /^\s*#/.test(line) ? { from: 0, to: line.length, text: written } : null;
  return prefixEdit(written, line, column - 1);
}

/** Names as long as the one that was meant: `a.b` for `a.c`. */
function* namesIn(line: string, from: number, parts: number): Generator<LineEdit> {
  const found = [...line.slice(from).matchAll(NAME)].map((match) => ({
    from: from + match.index,
    to: from + match.index + match[0].length,
  }));
  for (const [index, first] of found.entries()) {
    const last = found[index + parts - 1];
    if (last === undefined) return;
    const text = line.slice(first.from, last.to);
    if (text.split('.').length === parts) yield { from: first.from, to: last.to, text };
  }
}

function nameEdit(meant: string, line: string, from: number): LineEdit | null {
  for (const { text, ...place } of namesIn(line, from, meant.split('.').length))
    if (text !== meant && suggestName(text, [meant]) !== undefined) return { ...place, text: meant };
  return null;
}

/** `inputs.name` in the place of `name`. */
function prefixEdit(written: string, line: string, from: number): LineEdit | null {
  const last = written.slice(written.lastIndexOf('.') + 1);
  if (last === written) return null;
  for (const { text, ...place } of namesIn(line, from, 1)) if (text === last) return { ...place, text: written };
  return null;
}
