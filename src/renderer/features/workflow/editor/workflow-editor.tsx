import { EditorView } from '@codemirror/view';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutlineStep, OutputOf, WorkflowDetail, WorkflowDraft } from '../../../../shared/contract/index.ts';
import { fixEdit } from '../../../../shared/fix-text.ts';
import type { Diagnostic } from '../../../../shared/model/diagnostic.ts';
import { call } from '../../../client/bridge.ts';
import { useOwnQuery } from '../../../client/use-query.ts';
import { ErrorNote, Note } from '../../../ui/notes.tsx';
import { SkeletonRows } from '../../../ui/skeleton.tsx';
import { Problems } from '../problems.tsx';
import { createChecker } from './checker.ts';
import { createEditor, replaceText } from './create-editor.ts';
import { EditorBar, OvertakenNote } from './editor-bar.tsx';
import { applyFix, fixableAtCursor, showMarks } from './lint-marks.ts';
import { SidePane } from './side-pane.tsx';
import { TextDiff } from './text-diff.tsx';
import { useDraft } from './use-draft.ts';
import { useNames } from './use-names.ts';

/** The workflow's text with its problems while it is typed: a draft until it is published. */
export function WorkflowEditor({ detail }: { readonly detail: WorkflowDetail }) {
  const { data } = useOwnQuery({ ask: (ref: string) => call('drafts.get', { ref }) }, detail.entry.ref);
  const [first, setFirst] = useState<OutputOf<'drafts.get'> | null>(null);
  if (first === null && data.value !== null) setFirst(data.value);
  if (first !== null) return <Editor detail={detail} {...first} />;
  return data.status === 'error' ? <ErrorNote error={data.error} className="m-4" /> : <SkeletonRows />;
}

/** What the parts of the editor say, by the English words that they are written with. */
function usePhrases(): Readonly<Record<string, string>> {
  const { t } = useTranslation('workflow');
  return useMemo(() => t('editor.phrases', { returnObjects: true }) as Record<string, string>, [t]);
}

interface EditorProps {
  readonly detail: WorkflowDetail;
  readonly draft: WorkflowDraft | null;
  /** Files that were drafts and cannot be read. */
  readonly damaged: readonly string[];
}
function Editor({ detail, draft, damaged }: EditorProps) {
  const { t } = useTranslation('workflow');
  const { ref } = detail.entry;
  const phrases = usePhrases();
  const parent = useRef<HTMLDivElement>(null);
  const section = useRef<HTMLElement>(null);
  const view = useRef<EditorView | null>(null);
  const [isComparing, setIsComparing] = useState(false);
  const [outline, setOutline] = useState<readonly OutlineStep[]>([]);
  const [line, setLine] = useState(1);
  const [diagnostics, setDiagnostics] = useState<readonly Diagnostic[]>(draft === null ? detail.diagnostics : []);
  const edited = useDraft(detail, draft, (text) => {
    if (view.current !== null && view.current.state.sliceDoc() !== text) replaceText(view.current, text);
  });
  const [checker] = useState(() =>
    createChecker(
      (source) => call('workflows.check', { ref, source }),
      (answer) => {
        setDiagnostics(answer.diagnostics);
        setOutline(answer.outline);
      },
    ),
  );
  const now = useRef({ edited, diagnostics });
  now.current = { edited, diagnostics };
  const { text } = edited;
  const names = useNames(ref, text, line);
  useEffect(() => checker.check(text), [checker, text]);
  useEffect(() => checker.stop, [checker]);
  const label = t('source.label', { path: detail.sourcePath });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the editor is made once; what it shows comes and goes through it
  useEffect(() => {
    if (parent.current === null) return;
    const made = createEditor({
      ...{ parent: parent.current, text, label, phrases },
      onChange: (next) => now.current.edited.change(next),
      onFix: (at) => {
        const found = fixableAtCursor(at.state, now.current.diagnostics);
        return found !== undefined && applyFix(at, found);
      },
      onLine: setLine,
      ask: (source, at, column) => call('workflows.complete', { ref, source, line: at, column }),
      onLeave: () => section.current?.focus(),
    });
    view.current = made;
    return () => made.destroy();
  }, []);
  const fixLabel = useCallback((written: string) => t('editor.fix', { written }), [t]);
  useEffect(() => {
    if (view.current !== null) showMarks(view.current, diagnostics, fixLabel);
  }, [diagnostics, fixLabel]);
  const show = (wanted: number): void => {
    const at = view.current;
    if (at === null) return;
    setIsComparing(false);
    const { from } = at.state.doc.line(Math.min(wanted, at.state.doc.lines));
    at.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: 'start', yMargin: 40 }) });
  };
  const goTo = (wanted: number): void => {
    show(wanted);
    view.current?.focus();
  };
  const sides = useMemo(
    () => ({
      before: { name: t('editor.published'), text: detail.source },
      after: { name: t('editor.draft'), text },
    }),
    [t, detail.source, text],
  );
  const lines = useMemo(() => text.split(/\r?\n/), [text]);
  const compare = { isOn: isComparing, toggle: () => setIsComparing((before) => !before) };
  return (
    <section ref={section} tabIndex={-1} aria-label={t('editor.label')} className="flex min-h-0 flex-1 flex-col">
      <EditorBar detail={detail} edited={edited} diagnostics={diagnostics} compare={compare} />
      {edited.isOvertaken ? <OvertakenNote edited={edited} onCompare={() => setIsComparing(true)} /> : null}
      {damaged.length === 0 ? null : (
        <Note tone="waiting" className="m-4 flex-none">
          {t('editor.damaged', { count: damaged.length, files: damaged.join(', ') })}
        </Note>
      )}
      <div className="editor-body">
        <div className="flex min-h-0 min-w-0 flex-col">
          {isComparing ? <TextDiff {...sides} /> : null}
          <div ref={parent} hidden={isComparing} className="code-view code-editor" />
        </div>
        <SidePane {...{ outline, diagnostics, line, names }} onGo={show} onEnter={() => view.current?.focus()} />
      </div>
      <Problems
        diagnostics={diagnostics}
        onGo={goTo}
        fixes={{
          writes: (diagnostic) => fixEdit(diagnostic, lines[(diagnostic.line ?? 0) - 1] ?? '')?.text ?? null,
          apply: (diagnostic) => {
            if (view.current !== null) applyFix(view.current, diagnostic);
          },
        }}
      />
    </section>
  );
}
