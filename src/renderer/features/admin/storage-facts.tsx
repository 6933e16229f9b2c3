import { useTranslation } from 'react-i18next';
import type { StorageReport } from '../../../shared/model/storage.ts';
import { formatBytes } from '../../ui/format.ts';
import { PARTS } from './storage-store.ts';

/** How much the project takes, of what, and how much is left. */
export function StorageFacts({ report }: { readonly report: StorageReport }) {
  const { t } = useTranslation('storage');
  const { total, lastMonth, freeOnDisk } = report;
  const parts = [
    ...PARTS.map(({ part, colour }) => ({ part, colour, bytes: report[part] })),
    { part: 'database' as const, colour: 'var(--chart-5)', bytes: report.database },
  ];
  return (
    <div className="storage-pane">
      <dl className="facts storage-facts">
        <div>
          <dt>{t('total')}</dt>
          <dd>{formatBytes(total)}</dd>
        </div>
        <div>
          <dt>{t('grows')}</dt>
          <dd>{formatBytes(lastMonth)}</dd>
        </div>
        <div>
          <dt>{t('free')}</dt>
          <dd>{freeOnDisk === null ? t('freeUnknown') : formatBytes(freeOnDisk)}</dd>
        </div>
      </dl>
      <span className="storage-bar large" aria-hidden="true">
        {parts.map(({ part, colour, bytes }) =>
          bytes === 0 ? null : (
            <i key={part} style={{ width: `${(bytes / Math.max(1, total)) * 100}%`, background: colour }} />
          ),
        )}
      </span>
      <ul className="storage-legend sm">
        {parts.map(({ part, colour, bytes }) => (
          <li key={part}>
            <i className="swatch" style={{ background: colour }} />
            {t(`part.${part}`)} <span className="strong">{formatBytes(bytes)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
