import { useTranslation } from 'react-i18next';
import type { CleanupPlan } from '../../../shared/model/storage.ts';
import { formatBytes, formatCount, formatLongDay } from '../../ui/format.ts';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { useNow } from '../../ui/use-now.ts';

/** So many workflows have a line of their own; the rest is one line. */
const LINES = 6;

/** What a cleanup would remove, workflow by workflow, and what that frees. Null = nobody knows yet. */
export function CleanupPreview({ plan }: { readonly plan: CleanupPlan | null }) {
  const { t } = useTranslation('storage');
  const now = useNow(60_000);
  if (plan === null) return <SkeletonRows rows={2} columns={[60, 30]} />;
  const { runs, deliveries, auditEvents, bytes, before, workflows } = plan;
  const shown = workflows.length > LINES + 1 ? workflows.slice(0, LINES) : workflows;
  const rest = workflows.slice(shown.length);
  return (
    <div role="status">
      {runs + deliveries + auditEvents === 0 ? (
        <p className="muted storage-figure">{t('wouldNothing')}</p>
      ) : (
        <p className="storage-figure">
          <span className="sr">{t('would')} </span>
          <span className="storage-big">{t('wouldRuns', { count: runs })}</span>{' '}
          <span className="muted">
            {t('wouldBytes', { size: formatBytes(bytes), day: formatLongDay(before, now) })}
          </span>
          {deliveries === 0 ? null : <span className="muted block">{t('wouldDeliveries', { count: deliveries })}</span>}
          {auditEvents === 0 ? null : <span className="muted block">{t('wouldAudit', { count: auditEvents })}</span>}
        </p>
      )}
      {shown.length === 0 ? null : (
        <table className="storage-plan">
          <thead>
            <tr>
              <th scope="col">{t('workflow')}</th>
              <th scope="col" className="num">
                {t('wouldRunsHead')}
              </th>
              <th scope="col" className="num">
                {t('frees')}
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((one) => (
              <tr key={one.workflowId}>
                <td className="cut">{one.workflowName}</td>
                <td className="num">{formatCount(one.runs)}</td>
                <td className="num">{formatBytes(one.bytes)}</td>
              </tr>
            ))}
            {rest.length === 0 ? null : (
              <tr>
                <td>{t('other', { count: rest.length })}</td>
                <td className="num">{formatCount(rest.reduce((sum, one) => sum + one.runs, 0))}</td>
                <td className="num">{formatBytes(rest.reduce((sum, one) => sum + one.bytes, 0))}</td>
              </tr>
            )}
          </tbody>
        </table>
      )}
    </div>
  );
}
