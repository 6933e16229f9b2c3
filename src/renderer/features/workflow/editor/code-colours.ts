import { type Extension, RangeSetBuilder } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView, ViewPlugin, type ViewUpdate } from '@codemirror/view';
import { type LineMode, lineModes, tokensOf } from '../../../ui/highlight-markdown.ts';

/** The colours of a text that is only read, for the lines that are in sight. */
class Colours {
  decorations: DecorationSet;
  #modes: readonly LineMode[];

  constructor(view: EditorView) {
    this.#modes = lineModes(view.state.doc.toJSON());
    this.decorations = this.#build(view);
  }

  update({ docChanged, viewportChanged, view }: ViewUpdate): void {
    if (docChanged) this.#modes = lineModes(view.state.doc.toJSON());
    if (docChanged || viewportChanged) this.decorations = this.#build(view);
  }

  #build(view: EditorView): DecorationSet {
    const builder = new RangeSetBuilder<Decoration>();
    for (const { from, to } of view.visibleRanges) {
      for (let at = from; at <= to; ) {
        const line = view.state.doc.lineAt(at);
        let start = line.from;
        for (const { text, kind } of tokensOf(line.text, this.#modes[line.number - 1] ?? 'markdown')) {
          if (kind !== 'plain' && text !== '')
            builder.add(start, start + text.length, Decoration.mark({ class: `t-${kind}` }));
          start += text.length;
        }
        at = line.to + 1;
      }
    }
    return builder.finish();
  }
}

const LOOK = EditorView.theme({
  '&': { height: '100%', color: 'var(--text)', backgroundColor: 'var(--sunken)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { font: 'var(--regular) var(--text-sm) / 1.25rem var(--mono)', overflow: 'auto' },
  '.cm-content': { caretColor: 'var(--text)', padding: 'var(--s2) 0' },
  // What stands at the very edge of the gutter counts as hidden behind it, and nothing is offered there.
  '.cm-line': { padding: '0 var(--s4) 0 var(--s2)' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '.cm-gutters': { backgroundColor: 'var(--sunken)', color: 'var(--muted)', border: 'none' },
  '.cm-lineNumbers .cm-gutterElement': { minWidth: '2.5rem', padding: '0 var(--s1) 0 0' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--selected)', color: 'inherit' },
  '.cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground': {
    backgroundColor: 'color-mix(in srgb, var(--accent) 30%, transparent)',
  },
  '.cm-tooltip, .cm-panels': {
    backgroundColor: 'var(--surface)',
    color: 'var(--text)',
    border: '1px solid var(--border)',
    fontFamily: 'var(--font)',
  },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { backgroundColor: 'var(--selected)', color: 'var(--text)' },
  '.cm-diagnosticAction': { backgroundColor: 'var(--accent-solid)', color: 'var(--on-accent)' },
  '.cm-collapsedLines': { background: 'var(--surface)', color: 'var(--muted)' },
  '.cm-collapsedLines::before, .cm-collapsedLines::after': { content: '"…"' },
  '.cm-searchMatch': { backgroundColor: 'color-mix(in srgb, var(--waiting) 30%, transparent)' },
});

/** How texts of workflows look wherever they can be edited or compared. */
export const workflowLook = (): Extension => [
  LOOK,
  ViewPlugin.fromClass(Colours, { decorations: ({ decorations }) => decorations }),
];
