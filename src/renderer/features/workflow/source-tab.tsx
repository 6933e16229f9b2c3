import { CircleCheck, CircleX, Info, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { WorkflowDetail } from '../../../shared/contract/index.ts';
import type { Diagnostic } from '../../../shared/model/diagnostic.ts';
import { CodeView } from '../../ui/code-view.tsx';
import { DiagnosticText } from '../../ui/diagnostic-text.tsx';
import { Icon } from '../../ui/icon.tsx';

const MARKS = {
  error: { icon: CircleX, tone: 'st-failed' },
  warning: { icon: TriangleAlert, tone: 'st-waiting' },
  notice: { icon: Info, tone: 'st-skipped' },
} as const;

interface ProblemRowProps {
  readonly diagnostic: Diagnostic;
  readonly onGo: (line: number) => void;
}
function ProblemRow({ diagnostic, onGo }: ProblemRowProps) {
  const { t } = useTranslation('workflow');
  const { line, column } = diagnostic;
  const mark = MARKS[diagnostic.severity];
  return (
    <li className="flex min-h-8 items-center gap-3 border-t border-border px-6 max-[1200px]:px-4">
      <span className={`status w-20 flex-none ${mark.tone}`}>
        <Icon of={mark.icon} />
        {t(`severity.${diagnostic.severity}`)}
      </span>
      <span className="grow">
        <DiagnosticText {...diagnostic} />
      </span>
      {line === undefined ? null : (
        <button
          type="button"
          className="mono min-h-6 text-accent underline underline-offset-2"
          title={t('source.goTo', { line })}
          onClick={() => onGo(line)}
        >
          {`${line}:${column ?? 1}`}
        </button>
      )}
    </li>
  );
}

/** The workflow's text as it stands on disk, with what is wrong in it. */
export function SourceTab({ detail }: { readonly detail: WorkflowDetail }) {
  const { t } = useTranslation('workflow');
  const [target, setTarget] = useState<{ line: number; count: number } | null>(null);
  const { diagnostics } = detail;
  const goTo = (line: number): void => setTarget((before) => ({ line, count: (before?.count ?? 0) + 1 }));
  return (
    <>
      <div className="flex flex-none items-center gap-3 border-b border-border px-6 py-1.5 max-[1200px]:px-4">
        <span className="mono sm">{detail.sourcePath}</span>
        <span className="mono sm muted">{detail.contentHash.slice(0, 7)}</span>
      </div>
      <CodeView
        label={t('source.label', { path: detail.sourcePath })}
        text={detail.source}
        diagnostics={diagnostics}
        target={target}
      />
      <section className="max-h-48 flex-none overflow-auto border-t border-border" aria-label={t('source.problems')}>
        {diagnostics.length === 0 ? (
          <p className="flex min-h-9 items-center gap-2 px-6 max-[1200px]:px-4">
            <span className="status st-success">
              <Icon of={CircleCheck} />
            </span>
            {t('source.noProblems')}
          </p>
        ) : (
          <>
            <h2 className="flex min-h-9 items-center gap-1 px-6 max-[1200px]:px-4">
              {t('source.problems')} <span className="muted font-normal">{diagnostics.length}</span>
            </h2>
            <ul>
              {diagnostics.map((diagnostic) => (
                <ProblemRow
                  key={`${diagnostic.line ?? 0}:${diagnostic.column ?? 0} ${diagnostic.code} ${diagnostic.message}`}
                  diagnostic={diagnostic}
                  onGo={goTo}
                />
              ))}
            </ul>
          </>
        )}
      </section>
    </>
  );
}
