import { defaultKeymap, history, historyKeymap, insertNewlineAndIndent } from '@codemirror/commands';
import { indentService, indentUnit } from '@codemirror/language';
import { lintGutter } from '@codemirror/lint';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { EditorState, type Extension } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { workflowLook } from './code-colours.ts';
import { type AskCompletions, completion } from './completion.ts';

export interface EditorWishes {
  readonly parent: HTMLElement;
  readonly text: string;
  /** What it is, for screen readers. */
  readonly label: string;
  /** What the parts of the editor say, by their English words. */
  readonly phrases: Readonly<Record<string, string>>;
  readonly onChange: (text: string) => void;
  /** The cursor is on another line, 1-based. */
  readonly onLine: (line: number) => void;
  /** Ctrl+. was pressed: whether there was something to mend. */
  readonly onFix: (view: EditorView) => boolean;
  /** Escape was pressed and nothing was open. */
  readonly onLeave: () => void;
  readonly ask: AskCompletions;
}

/** A new line after `key:` is part of it; every other stands below the one before. */
const INDENT = indentService.of(({ state }, at) => {
  const line = state.doc.lineAt(at);
  const before =
    line.number > 1 && at === line.from ? state.doc.line(line.number - 1).text : line.text.slice(0, at - line.from);
  const lead = /^[ ]*/.exec(before)?.[0].length ?? 0;
  return /^[ ]*(?:- )*[\w.-]+:[ ]*$/.test(before) ? lead + 2 : lead;
});

/** A text that is edited. Tab leaves it, as everywhere in the app; Ctrl+] and Ctrl+[ indent. */
export function createEditor({
  parent,
  text,
  label,
  phrases,
  onChange,
  onLine,
  onFix,
  onLeave,
  ask,
}: EditorWishes): EditorView {
  const leave = (): boolean => {
    onLeave();
    return true;
  };
  return new EditorView({
    parent,
    doc: text,
    extensions: [
      completion(ask),
      lintGutter(),
      lineNumbers(),
      highlightActiveLine(),
      highlightActiveLineGutter(),
      highlightSelectionMatches(),
      history(),
      drawSelection(),
      search({ top: true }),
      indentUnit.of('  '),
      INDENT,
      lineBreakOf(text),
      EditorState.phrases.of(phrases),
      EditorState.languageData.of(() => [{ commentTokens: { line: '#' } }]),
      EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false', tabindex: '0' }),
      keymap.of([
        { key: 'Mod-.', run: onFix },
        { key: 'Enter', run: insertNewlineAndIndent },
        ...searchKeymap,
        ...historyKeymap,
        ...defaultKeymap,
        { key: 'Escape', run: leave },
      ]),
      workflowLook(),
      EditorView.updateListener.of(({ docChanged, selectionSet, state }) => {
        if (docChanged) onChange(state.sliceDoc());
        if (docChanged || selectionSet) onLine(state.doc.lineAt(state.selection.main.head).number);
      }),
    ],
  });
}

/** A file whose lines all end as Windows ends them keeps that. */
const lineBreakOf = (text: string): Extension =>
  text.includes('\r\n') && !/[^\r]\n|\r[^\n]/.test(text) ? EditorState.lineSeparator.of('\r\n') : [];

/** Puts another text in the place of all. */
export const replaceText = (view: EditorView, text: string): void =>
  view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: view.state.toText(text) } });
