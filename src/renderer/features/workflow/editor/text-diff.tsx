import { MergeView } from '@codemirror/merge';
import { EditorState } from '@codemirror/state';
import { EditorView, lineNumbers } from '@codemirror/view';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { workflowLook } from './code-colours.ts';

interface Side {
  readonly name: string;
  readonly text: string;
}

/** Two texts side by side; what is the same in both is folded. */
export function TextDiff({ before, after }: { readonly before: Side; readonly after: Side }) {
  const { t } = useTranslation('workflow');
  const parent = useRef<HTMLDivElement>(null);
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
    return () => view.destroy();
  }, [before, after, t]);
  return (
    <section className="text-diff code-view" aria-label={t('editor.diff', { before: before.name, after: after.name })}>
      <div className="text-diff-names" aria-hidden="true">
        <span>{before.name}</span>
        <span>{after.name}</span>
      </div>
      <div ref={parent} />
    </section>
  );
}
