import { MergeView } from '@codemirror/merge';
import { EditorState, StateEffect } from '@codemirror/state';
import { Decoration, EditorView, lineNumbers } from '@codemirror/view';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../../ui/button.tsx';
import { workflowLook } from './code-colours.ts';

interface Side {
  readonly name: string;
  readonly text: string;
}

/** Where two texts part: a line of each, 1-based. */
interface FirstDifference {
  readonly before: number;
  readonly after: number;
  readonly show: () => void;
}

/** Two texts side by side; what is the same in both is folded, and where they part first is marked. */
export function TextDiff({ before, after }: { readonly before: Side; readonly after: Side }) {
  const { t } = useTranslation('workflow');
  const parent = useRef<HTMLDivElement>(null);
  const [first, setFirst] = useState<FirstDifference | null>(null);
  useEffect(() => {
    if (parent.current === null) return;
    const side = ({ name, text }: Side) => ({
      doc: text,
      extensions: [
        lineNumbers(),
        EditorState.readOnly.of(true),
        EditorView.contentAttributes.of({ 'aria-label': name, tabindex: '0' }),
        EditorState.phrases.of({ '$ unchanged lines': t('editor.sameLines') }),
        workflowLook(),
      ],
    });
    const view = new MergeView({
      a: side(before),
      b: side(after),
      parent: parent.current,
      collapseUnchanged: {},
    });
    setFirst(markFirst(view));
    return () => view.destroy();
  }, [before, after, t]);
  return (
    <section className="text-diff code-view" aria-label={t('editor.diff', { before: before.name, after: after.name })}>
      <div className="text-diff-names">
        <span>{before.name}</span>
        <span>{after.name}</span>
      </div>
      {first === null ? null : (
        <p className="text-diff-first">
          {t('editor.first', { before: first.before, after: first.after })}{' '}
          <Button onClick={first.show}>{t('editor.goFirst')}</Button>
        </p>
      )}
      <div ref={parent} />
    </section>
  );
}

/** Marks the line of each side where they part first; null = they are the same. */
function markFirst({ a, b, chunks }: MergeView): FirstDifference | null {
  const [chunk] = chunks;
  if (chunk === undefined) return null;
  const mark = (view: EditorView, at: number): number => {
    const line = view.state.doc.lineAt(Math.min(at, view.state.doc.length));
    const decoration = Decoration.line({ class: 'cm-first-difference' }).range(line.from);
    view.dispatch({ effects: StateEffect.appendConfig.of(EditorView.decorations.of(Decoration.set(decoration))) });
    return line.number;
  };
  const show = (): void => {
    b.dispatch({ effects: EditorView.scrollIntoView(chunk.fromB, { y: 'center' }) });
    b.dispatch({ selection: { anchor: Math.min(chunk.fromB, b.state.doc.length) } });
    b.focus();
  };
  return { before: mark(a, chunk.fromA), after: mark(b, chunk.fromB), show };
}
