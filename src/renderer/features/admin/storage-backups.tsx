import { Archive, CircleCheck, FlaskConical, ShieldCheck, TriangleAlert } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BackupInfo, BackupReport } from '../../../shared/model/backup.ts';
import { act } from '../../client/act.ts';
import { call } from '../../client/bridge.ts';
import { useQuery } from '../../client/use-query.ts';
import { useTried } from '../../client/use-tried.ts';
import { Button } from '../../ui/button.tsx';
import { formatBytes, formatCount, formatDuration, formatMoment } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { EmptyState, ErrorNote, Note } from '../../ui/notes.tsx';
import { Said } from '../../ui/said.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { TimeAgo } from '../../ui/time.tsx';
import { showToast } from '../../ui/toasts.tsx';
import { useNow } from '../../ui/use-now.ts';
import { RestoreDialog } from './restore-dialog.tsx';
import { backupsNow } from './storage-store.ts';

/** The backups that are kept, whether they can be brought back, and the way to do so. */
export function StorageBackups() {
  const { t } = useTranslation('storage');
  const { isBusy, error: refused, attempt } = useTried();
  const [wanted, setWanted] = useState<BackupInfo | null>(null);
  useEffect(() => backupsNow.open(null), []);
  const data = useQuery(backupsNow);
  const report = data.value;
  const again = (): void => void backupsNow.refresh();
  const make = async (): Promise<void> => {
    const isMade = await attempt(() => call('storage.backUp', {}));
    await backupsNow.refresh();
    if (isMade) showToast(t('backup.made'));
  };
  const count = report?.backups.length ?? 0;
  return (
    <section aria-labelledby="storage-backups">
      <div className="storage-pane">
        <div className="head">
          <h2 id="storage-backups">
            {t('backup.title')} {count === 0 ? null : <span className="n">{formatCount(count)}</span>}
          </h2>
          <span className="grow" />
          <Button
            icon={Archive}
            needs="storage.backUp"
            reason={isBusy ? t('backup.making') : null}
            onClick={() => void make()}
          >
            {t('backup.make')}
          </Button>
        </div>
        <p className="sm muted">{t(report === null || report.isHosting ? 'backup.auto' : 'backup.byHand')}</p>
        {data.status === 'error' ? <ErrorNote className="mt-2" error={data.error} onRetry={again} /> : null}
        {refused === null ? null : <ErrorNote className="mt-2" error={refused} />}
        {refused !== null || report === null || report.failed === null ? null : <Failed failed={report.failed} />}
        {report === null || count === 0 ? null : <Drill report={report} />}
      </div>
      {report === null ? <SkeletonRows rows={2} /> : null}
      {report !== null && count === 0 ? (
        <EmptyState icon={Archive} title={t('backup.none')} text={t('backup.noneText')} className="px-6" />
      ) : null}
      {report !== null && count > 0 ? <BackupTable report={report} onRestore={setWanted} /> : null}
      {wanted === null ? null : <RestoreDialog backup={wanted} onClose={() => setWanted(null)} />}
    </section>
  );
}

function Failed({ failed }: { readonly failed: NonNullable<BackupReport['failed']> }) {
  const { t } = useTranslation('storage');
  return (
    <Note tone="failed" className="mt-2">
      <b>{t('backup.failed')}</b> <TimeAgo at={failed.at} /> <Said text={failed.error.message} />
    </Note>
  );
}

function Drill({ report }: { readonly report: BackupReport }) {
  const { t } = useTranslation('storage');
  const now = useNow(60_000);
  const [isBusy, setIsBusy] = useState(false);
  const { drill } = report;
  const isGood = drill?.problem === null;
  const run = async (): Promise<void> => {
    setIsBusy(true);
    await act(() => call('storage.drill', {}));
    await backupsNow.refresh();
    setIsBusy(false);
  };
  return (
    <Note
      tone={drill === null || isGood ? 'plain' : 'failed'}
      icon={drill === null ? FlaskConical : isGood ? ShieldCheck : TriangleAlert}
      className="storage-drill"
      role="status"
    >
      <div className="row">
        <div className="grow">
          {drill === null ? (
            t('drill.never')
          ) : (
            <>
              <b>{t(isGood ? 'drill.worked' : 'drill.failed')}</b> {formatMoment(drill.at, now)}:{' '}
              {drill.counts === null ? (
                <Said text={drill.problem?.message ?? ''} />
              ) : (
                t('drill.counted', {
                  runs: formatCount(drill.counts.runs),
                  files: formatCount(drill.counts.files),
                  events: formatCount(drill.counts.auditEvents),
                })
              )}{' '}
              <span className="muted">{formatDuration(drill.tookMs)}</span>
            </>
          )}
        </div>
        <Button needs="storage.drill" reason={isBusy ? t('drill.busy') : null} onClick={() => void run()}>
          {t(drill === null ? 'drill.first' : 'drill.again')}
        </Button>
      </div>
    </Note>
  );
}

interface BackupTableProps {
  readonly report: BackupReport;
  readonly onRestore: (backup: BackupInfo) => void;
}

function BackupTable({ report, onRestore }: BackupTableProps) {
  const { t } = useTranslation('storage');
  const now = useNow(60_000);
  return (
    <>
      <table className="storage-table storage-backups">
        <thead>
          <tr>
            <th scope="col">{t('backup.at')}</th>
            <th scope="col">{t('backup.state')}</th>
            <th scope="col" className="num">
              {t('wouldRunsHead')}
            </th>
            <th scope="col" className="num">
              {t('size')}
            </th>
            <th scope="col" className="c-act">
              <span className="sr">{t('backup.acts')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {report.backups.map((one) => (
            <tr key={one.name}>
              <td>{formatMoment(one.at, now)}</td>
              <td>
                <span className={`status st-${one.missing === 0 ? 'success' : 'waiting'}`}>
                  <Icon of={one.missing === 0 ? CircleCheck : TriangleAlert} />
                  {one.missing === 0 ? t('backup.checked') : t('backup.missing', { count: one.missing })}
                </span>
              </td>
              <td className="num">{formatCount(one.runs)}</td>
              <td className="num">{formatBytes(one.bytes)}</td>
              <td className="num c-act">
                <Button
                  needs="storage.restore"
                  aria-label={t('restore.named', { when: formatMoment(one.at, now) })}
                  onClick={() => onRestore(one)}
                >
                  {t('restore.into')}
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="storage-pane sm muted">
        <Said text={t('backup.where', { folder: report.folder })} />
      </p>
    </>
  );
}
