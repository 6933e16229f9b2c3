import { CloudAlert } from 'lucide-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useFreshOnFocus, useQuery } from '../../client/use-query.ts';
import { ErrorNote, Note } from '../../ui/notes.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { StorageAside } from './storage-aside.tsx';
import { StorageBackups } from './storage-backups.tsx';
import { StorageFacts } from './storage-facts.tsx';
import { storageNow } from './storage-store.ts';
import { StorageTable } from './storage-table.tsx';
import './storage.css';

/** What takes room, what an older run's end would free, and what stays. */
export function StorageTab() {
  const { t } = useTranslation('storage');
  useEffect(() => storageNow.open(null), []);
  useFreshOnFocus(storageNow);
  const data = useQuery(storageNow);
  const report = data.value;
  const error = data.status === 'error' ? data.error : null;
  const again = (): void => void storageNow.refresh();
  if (report === null)
    return error === null ? <SkeletonRows /> : <ErrorNote className="m-6" error={error} onRetry={again} />;
  return (
    <div className="storage-cols">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys */}
      <section className="scroll storage-main" aria-label={t('byWorkflow')} tabIndex={0}>
        {error === null ? null : <ErrorNote className="storage-pane" error={error} onRetry={again} />}
        {report.syncedBy === null ? null : (
          <Note tone="waiting" icon={CloudAlert} className="storage-note">
            <b>{t('synced', { name: report.syncedBy })}</b> {t('syncedText')}
          </Note>
        )}
        <StorageFacts report={report} />
        <StorageTable report={report} />
        <StorageBackups />
      </section>
      <StorageAside report={report} />
    </div>
  );
}
