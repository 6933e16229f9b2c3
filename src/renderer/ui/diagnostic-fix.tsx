import { useTranslation } from 'react-i18next';
import { Said } from './said.tsx';

/** What to do about a problem: a sentence as it was written, or `Write` and the bare piece that belongs there. */
export function DiagnosticFix({ fix }: { readonly fix: string | undefined }) {
  const { t } = useTranslation('everywhere');
  if (fix === undefined) return null;
  return (
    <span className="muted">
      {isSentence(fix) ? (
        <Said text={fix} />
      ) : (
        <>
          {t('write')} <code>{fix}</code>
        </>
      )}
    </span>
  );
}

/** `Did you mean 'x'?`, and not `## Step 1: Name` or `tools`. */
const isSentence = (fix: string): boolean => /^[A-Z][a-z]+,? /.test(fix);
