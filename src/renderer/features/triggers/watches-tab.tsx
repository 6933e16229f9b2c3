import { FolderOpen } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { watchList } from '../../client/trigger-queries.ts';
import { useQuery } from '../../client/use-query.ts';
import { Button } from '../../ui/button.tsx';
import { formatCount } from '../../ui/format.ts';
import { triggerLink } from '../../ui/links.ts';
import { EmptyState, ErrorNote } from '../../ui/notes.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { WatchNotices, WatchStatusMark } from './watch-facts.tsx';
import { useWorkflowName } from './watch-question.tsx';

/** Every watch that runs: its folder, how it stands, and which parts are only looked at from time to time. */
export function WatchesTab({ onCalendar }: { readonly onCalendar: () => void }) {
  const { t } = useTranslation('triggers');
  const data = useQuery(watchList);
  const nameOf = useWorkflowName();
  if (data.status === 'error')
    return <ErrorNote className="m-6" error={data.error} onRetry={() => void watchList.refresh()} />;
  if (data.value === null) return <SkeletonRows rows={6} columns={[20, 40, 20]} />;
  if (data.value.length === 0)
    return (
      <div className="p-6">
        <EmptyState icon={FolderOpen} title={t('watch:none')} text={t('watch:noneText')}>
          <Button onClick={onCalendar}>{t('watch:noneAct')}</Button>
        </EmptyState>
      </div>
    );
  return (
    <table className="watches" aria-label={t('watch:name')}>
      <thead>
        <tr>
          <th scope="col">{t('calendar.trigger')}</th>
          <th scope="col">{t('watch:folder')}</th>
          <th scope="col">{t('watch:state')}</th>
          <th scope="col" className="num">
            {t('watch:files')}
          </th>
          <th scope="col" className="num" title={t('watch:waitingTip')}>
            {t('watch:waiting')}
          </th>
          <th scope="col">{t('watch:notices')}</th>
        </tr>
      </thead>
      <tbody>
        {data.value.map((watch) => (
          <tr key={watch.triggerKey}>
            <td>
              <Link className="plain strong" to={triggerLink(watch.triggerKey)}>
                {nameOf(watch.triggerKey)}
              </Link>
            </td>
            <td className="mono sm">{watch.root}</td>
            <td>
              <WatchStatusMark watch={watch} />
            </td>
            <td className="num">{formatCount(watch.files)}</td>
            <td className="num">{formatCount(watch.waiting)}</td>
            <td className="sm">
              <WatchNotices watch={watch} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
