import { useTranslation } from 'react-i18next';
import type { ErrorRecord } from '../../../shared/errors.ts';
import type { Json } from '../../../shared/json.ts';
import { plainText } from '../../ui/ansi.ts';
import { JsonView } from '../../ui/json-view.tsx';
import { Note } from '../../ui/notes.tsx';

interface StepErrorProps {
  readonly error: ErrorRecord;
  /** False where the run went on in spite of it. */
  readonly isOver: boolean;
  /** True while the step waits to be tried again by itself. */
  readonly isRetrying?: boolean;
}

/** What went wrong, why, what to do next; the code and its details are folded away. */
export function StepError({ error, isOver, isRetrying = false }: StepErrorProps) {
  const { t } = useTranslation('run');
  const details = (error.details ?? {}) as Readonly<Record<string, Json>>;
  return (
    <Note tone={isOver ? 'failed' : 'waiting'}>
      <b className="break-words">{plainText(error.message)}</b>
      <p className="sm">{error.hint ?? t(isRetrying ? 'error.retries' : `error.next.${error.kind}`)}</p>
      {isRetrying ? null : <p className="sm muted">{t(error.retryable ? 'error.mayPass' : 'error.stays')}</p>}
      <details className="sm mt-2">
        <summary className="muted">{t('everywhere:details')}</summary>
        <code>{error.code}</code>
        {Object.keys(details).length === 0 ? null : (
          <JsonView value={details} label={t('everywhere:details')} openLevels={1} />
        )}
      </details>
    </Note>
  );
}
