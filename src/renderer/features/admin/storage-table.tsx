import { Archive } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { StorageParts, StorageReport, WorkflowStorage } from '../../../shared/model/storage.ts';
import { formatBytes, formatCount, formatDate } from '../../ui/format.ts';
import { workflowLink } from '../../ui/links.ts';
import { EmptyState } from '../../ui/notes.tsx';
import { useNow } from '../../ui/use-now.ts';
import { PARTS, sizeOf } from './storage-store.ts';

/** So many workflows have a line of their own; the rest is one line. */
const LINES = 10;

/** What the runs of each workflow take, the largest first. */
export function StorageTable({ report }: { readonly report: StorageReport }) {
  const { t } = useTranslation('storage');
  const { workflows } = report;
  const shown = workflows.length > LINES + 1 ? workflows.slice(0, LINES) : workflows;
  const rest = workflows.slice(shown.length);
  const largest = Math.max(1, ...shown.map(sizeOf), sizeOf(sumOf(rest)));
  return (
    <>
      <div className="storage-pane">
        <div className="head">
          <h2>{t('byWorkflow')}</h2>
          <span className="grow" />
          <span className="muted sm">{t('shared', { size: formatBytes(report.database) })}</span>
        </div>
      </div>
      {workflows.length === 0 ? (
        <EmptyState icon={Archive} title={t('none')} text={t('noneText')} className="px-6" />
      ) : (
        <table className="storage-table">
          <thead>
            <tr>
              <th scope="col">{t('workflow')}</th>
              <th scope="col" className="num">
                {t('runs')}
              </th>
              <th scope="col">{t('parts')}</th>
              <th scope="col" className="num">
                {t('size')}
              </th>
              <th scope="col" className="num c-oldest">
                {t('oldest')}
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((one) => (
              <Row key={one.workflowId} one={one} largest={largest}>
                <Link className="plain" to={workflowLink(one.workflowId)}>
                  {one.workflowName}
                </Link>
              </Row>
            ))}
            {rest.length === 0 ? null : (
              <Row one={sumOf(rest)} largest={largest}>
                {t('other', { count: rest.length })}
              </Row>
            )}
          </tbody>
        </table>
      )}
    </>
  );
}

type Line = StorageParts & Pick<WorkflowStorage, 'runs' | 'oldestAt'>;

const sumOf = (workflows: readonly WorkflowStorage[]): Line =>
  workflows.reduce<Line>(
    (sum, one) => ({
      files: sum.files + one.files,
      logs: sum.logs + one.logs,
      outputs: sum.outputs + one.outputs,
      versions: sum.versions + one.versions,
      runs: sum.runs + one.runs,
      oldestAt: Math.min(sum.oldestAt, one.oldestAt),
    }),
    { files: 0, logs: 0, outputs: 0, versions: 0, runs: 0, oldestAt: Number.POSITIVE_INFINITY },
  );

interface RowProps {
  readonly one: Line;
  readonly largest: number;
  readonly children: React.ReactNode;
}

function Row({ one, largest, children }: RowProps) {
  const { t } = useTranslation('storage');
  const now = useNow(60_000);
  const parts = PARTS.filter(({ part }) => one[part] > 0);
  const words = parts.map(({ part }) => t('partOf', { part: t(`part.${part}`), size: formatBytes(one[part]) }));
  return (
    <tr>
      <td className="c-workflow cut">{children}</td>
      <td className="num">{formatCount(one.runs)}</td>
      <td title={words.join(', ')}>
        <span className="storage-bar" aria-hidden="true">
          {parts.map(({ part, colour }) => (
            <i key={part} style={{ width: `${(one[part] / largest) * 100}%`, background: colour }} />
          ))}
        </span>
        <span className="sr">{words.join(', ')}</span>
      </td>
      <td className="num strong">{formatBytes(sizeOf(one))}</td>
      <td className="num muted c-oldest">{formatDate(one.oldestAt, now)}</td>
    </tr>
  );
}
