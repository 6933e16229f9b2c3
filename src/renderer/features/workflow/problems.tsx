import { CircleCheck, CircleX, Info, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Diagnostic } from '../../../shared/model/diagnostic.ts';
import { Button } from '../../ui/button.tsx';
import { DiagnosticText } from '../../ui/diagnostic-text.tsx';
import { Icon } from '../../ui/icon.tsx';

const MARKS = {
  error: { icon: CircleX, tone: 'st-failed' },
  warning: { icon: TriangleAlert, tone: 'st-waiting' },
  notice: { icon: Info, tone: 'st-skipped' },
} as const;

/** What can be mended by a press of a button. */
interface Fixes {
  /** What the fix of a problem writes; null = a person has to do it. */
  readonly writes: (diagnostic: Diagnostic) => string | null;
  readonly apply: (diagnostic: Diagnostic) => void;
}

interface ProblemRowProps {
  readonly diagnostic: Diagnostic;
  readonly onGo: (line: number) => void;
  readonly fixes: Fixes | undefined;
}
function ProblemRow({ diagnostic, onGo, fixes }: ProblemRowProps) {
  const { t } = useTranslation('workflow');
  const { line, column } = diagnostic;
  const mark = MARKS[diagnostic.severity];
  const written = fixes?.writes(diagnostic) ?? null;
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
      {written === null ? null : (
        <Button onClick={() => fixes?.apply(diagnostic)}>{t('editor.fix', { written })}</Button>
      )}
    </li>
  );
}

interface ProblemsProps {
  readonly diagnostics: readonly Diagnostic[];
  readonly onGo: (line: number) => void;
  /** Absent where the text is only read. */
  readonly fixes?: Fixes;
}

/** What is wrong in the text above, in its order. */
export function Problems({ diagnostics, onGo, fixes }: ProblemsProps) {
  const { t } = useTranslation('workflow');
  return (
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
                {...{ diagnostic, onGo, fixes }}
              />
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
