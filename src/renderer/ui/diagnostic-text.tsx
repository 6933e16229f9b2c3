import { useTranslation } from 'react-i18next';
import type { Diagnostic } from '../../shared/model/diagnostic.ts';
import { Said } from './said.tsx';
import { worded } from './worded.ts';

/** A problem and what to do about it: a sentence as it was written, or `Write` and the bare piece that belongs there. */
export function DiagnosticText({ message, fix }: Pick<Diagnostic, 'message' | 'fix'>) {
  const { t } = useTranslation('everywhere');
  if (fix === undefined) return <Said text={message} />;
  return (
    <>
      <Said text={worded(message).replace(/([^.?!])$/, '$1.')} />{' '}
      <span className="muted">
        {isSentence(fix) ? (
          <Said text={fix} />
        ) : (
          <>
            {t('write')} <code>{fix}</code>
          </>
        )}
      </span>
    </>
  );
}

/** `Did you mean 'x'?`, and not `## Step 1: Name` or `tools`. */
const isSentence = (fix: string): boolean => /^[A-Z][a-z]+,? /.test(fix);
