import { CopyPlus, SearchAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { plainText } from '../../../shared/ansi.ts';
import type { ErrorRecord } from '../../../shared/errors.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorDetails } from '../../ui/error-details.tsx';
import { hintOf } from '../../ui/error-hint.ts';
import { Note } from '../../ui/notes.tsx';
import { Said } from '../../ui/said.tsx';

interface StepErrorProps {
  readonly error: ErrorRecord;
  /** False where the run went on in spite of it. */
  readonly isOver: boolean;
  /** True while the step waits to be tried again by itself. */
  readonly isRetrying?: boolean;
  /** Shows where the log tells of it; absent where it has nothing of this step. */
  readonly onFind?: (() => void) | undefined;
  /** Begins the run anew with other inputs; absent where that cannot help. */
  readonly onReplay?: (() => void) | undefined;
}

/** What went wrong, why, what to do next, where the log tells of it; the code and its details are folded away. */
export function StepError({ error, isOver, isRetrying = false, onFind, onReplay }: StepErrorProps) {
  const { t } = useTranslation('run');
  return (
    <Note tone={isOver ? 'failed' : 'waiting'}>
      <b className="break-words">
        <Said text={plainText(error.message)} />
      </b>
      <p className="sm">
        <Said text={hintOf(error) ?? t(isRetrying ? 'error.retries' : `error.next.${error.kind}`)} />
      </p>
      {isRetrying ? null : <p className="sm muted">{t(error.retryable ? 'error.mayPass' : 'error.stays')}</p>}
      <div className="mt-2 flex flex-wrap gap-2 empty:hidden">
        {onFind === undefined ? null : (
          <Button icon={SearchAlert} onClick={onFind}>
            {t('error.find')}
          </Button>
        )}
        {onReplay === undefined ? null : (
          <Button needs="runs.replay" icon={CopyPlus} onClick={onReplay}>
            {t('error.replay')}
          </Button>
        )}
      </div>
      <ErrorDetails error={error} />
    </Note>
  );
}
