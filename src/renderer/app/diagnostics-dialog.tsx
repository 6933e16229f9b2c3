import { useTranslation } from 'react-i18next';
import { call } from '../client/bridge.ts';
import { saveDiagnostics } from '../client/outgoing-files.ts';
import { useOwnQuery } from '../client/use-query.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { formatBytes } from '../ui/format.ts';
import { ErrorNote } from '../ui/notes.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';

/** What an archive for whoever helps would hold, before it is made. */
export function DiagnosticsDialog({ isOpen, onClose }: { readonly isOpen: boolean; readonly onClose: () => void }) {
  const { t } = useTranslation('shell');
  const { data, refresh } = useOwnQuery(
    { ask: (_key: string) => call('app.planDiagnostics', {}) },
    isOpen ? 'plan' : null,
  );
  const files = data.value?.files ?? null;
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      title={t('diagnostics.title')}
      description={t('diagnostics.text')}
      width="34rem"
      footer={
        <Button
          variant="primary"
          needs="app.diagnostics"
          reason={files === null ? t('diagnostics.looking') : null}
          onClick={() => void saveDiagnostics()}
        >
          {t('diagnostics.save')}
        </Button>
      }
    >
      {data.status === 'error' ? <ErrorNote error={data.error} onRetry={refresh} /> : null}
      {files === null ? (
        data.status === 'error' ? null : (
          <SkeletonRows rows={5} columns={[40, 70]} />
        )
      ) : (
        <ul>
          {files.map(({ name, holds, bytes }) => (
            <li key={name} className="flex gap-3 border-b border-border py-2">
              <span className="grow">
                <span className="mono">{name}</span>
                <span className="muted sm block">{t(`diagnostics.holds.${holds}`)}</span>
              </span>
              <span className="muted">{formatBytes(bytes)}</span>
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  );
}
