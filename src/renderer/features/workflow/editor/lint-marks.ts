import { type Diagnostic as Mark, setDiagnostics } from '@codemirror/lint';
import type { EditorState, Text } from '@codemirror/state';
import type { EditorView } from '@codemirror/view';
import { fixEdit } from '../../../../shared/fix-text.ts';
import { type Diagnostic, sentencesOf } from '../../../../shared/model/diagnostic.ts';

const SEVERITY = { error: 'error', warning: 'warning', notice: 'info' } as const;
const WORD = /^[\p{L}\p{N}_$.-]+/u;

/** What a fix does to a text. */
export interface TextChange {
  readonly from: number;
  readonly to: number;
  readonly insert: string;
}

/** What the fix of a diagnostic does to a text; null = a person has to do it. */
export function changeOf(diagnostic: Diagnostic, doc: Text): TextChange | null {
  const { line: number } = diagnostic;
  if (number === undefined || number > doc.lines) return null;
  const line = doc.line(number);
  const edit = fixEdit(diagnostic, line.text);
  return edit === null ? null : { from: line.from + edit.from, to: line.from + edit.to, insert: edit.text };
}

/** The word at the place of a diagnostic, or the rest of its line. */
function rangeOf(
  { line: number = 1, column = 1 }: Diagnostic,
  doc: Text,
): { readonly from: number; readonly to: number } {
  const line = doc.line(Math.min(Math.max(number, 1), doc.lines));
  const from = Math.min(line.from + column - 1, line.to);
  const word = WORD.exec(line.text.slice(from - line.from))?.[0];
  return { from, to: word === undefined ? line.to : from + word.length };
}

/** Shows what is wrong in a text, with the fixes that can be applied; `fixLabel` says what pressing one writes. */
export function showMarks(
  view: EditorView,
  diagnostics: readonly Diagnostic[],
  fixLabel: (written: string) => string,
): void {
  const { doc } = view.state;
  const marks = diagnostics.map((diagnostic): Mark => {
    const change = changeOf(diagnostic, doc);
    const { from, to } = change ?? rangeOf(diagnostic, doc);
    const actions =
      change === null
        ? []
        : [{ name: fixLabel(change.insert), apply: (where: EditorView) => applyFix(where, diagnostic) }];
    return { from, to, severity: SEVERITY[diagnostic.severity], message: sentencesOf(diagnostic), actions };
  });
  view.dispatch(setDiagnostics(view.state, marks));
}

/** Applies a fix where the text still is as it was said of it. */
export function applyFix(view: EditorView, diagnostic: Diagnostic): boolean {
  const change = changeOf(diagnostic, view.state.doc);
  if (change === null) return false;
  view.dispatch({ changes: change, selection: { anchor: change.from + change.insert.length }, scrollIntoView: true });
  view.focus();
  return true;
}

/** The first diagnostic with a fix in the line of the cursor. */
export function fixableAtCursor(
  { doc, selection }: EditorState,
  diagnostics: readonly Diagnostic[],
): Diagnostic | undefined {
  const { number } = doc.lineAt(selection.main.head);
  return diagnostics.find((one) => one.line === number && changeOf(one, doc) !== null);
}
