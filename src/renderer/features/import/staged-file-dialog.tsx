import { useTranslation } from 'react-i18next';
import { showHidden } from '../../../shared/ansi.ts';
import { call } from '../../client/bridge.ts';
import { useOwnQuery } from '../../client/use-query.ts';
import { Button } from '../../ui/button.tsx';
import { CodeView } from '../../ui/code-view.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { formatBytes } from '../../ui/format.ts';
import { ErrorNote } from '../../ui/notes.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';

interface StagedFileDialogProps {
  readonly uploadId: string;
  readonly path: string;
  readonly onClose: () => void;
}

/** A file of the upload to be read before anybody consents. It is shown as it stands: nothing of it is obeyed. */
export function StagedFileDialog({ uploadId, path, onClose }: StagedFileDialogProps) {
  const { t } = useTranslation('import');
  const { data, refresh } = useOwnQuery(
    { ask: (asked: string) => call('bundles.readStaged', { uploadId, path: asked }) },
    path,
  );
  const file = data.value;
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={<span className="mono">{path}</span>}
      width="56rem"
      footer={<Button onClick={onClose}>{t('file.back')}</Button>}
    >
      {data.status === 'error' ? <ErrorNote error={data.error} onRetry={refresh} /> : null}
      {file === null && data.status !== 'error' ? <SkeletonRows rows={8} /> : null}
      {file === null ? null : (
        <p className="muted mb-2">
          {formatBytes(file.sizeBytes)}
          {file.text === null ? ` · ${t('file.binary')}` : file.isWhole ? null : ` · ${t('file.cut')}`}
        </p>
      )}
      {file?.text == null ? null : (
        <div className="flex h-[60vh] min-h-40">
          <CodeView label={t('file.content', { path })} text={showHidden(file.text)} isPlain />
        </div>
      )}
    </Dialog>
  );
}
