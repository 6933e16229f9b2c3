import { Lock } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { formatCount, formatShortMonth, formatShownMonth } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { type CheckedChain, monthMarks } from './audit-store.ts';

/** The chain by months, as wide as they have events: which of them the check found whole, and where it broke. */
export function AuditMonths({ chain }: { readonly chain: CheckedChain }) {
  const { t } = useTranslation('admin');
  const { cut_through: cut } = chain;
  const months = monthMarks(chain);
  if (months.length === 0) return null;
  return (
    <ol className="audit-months" aria-label={t('audit.months')}>
      {cut === null ? null : (
        <li className="cut-mark" title={t('audit.cutThrough', { seq: formatCount(cut) })}>
          <Icon of={Lock} small />
          <span className="sr">{t('audit.cutThrough', { seq: formatCount(cut) })}</span>
        </li>
      )}
      {months.map(({ month, events, mark }) => {
        const words = t(`audit.month.${mark}`, {
          month: formatShownMonth(month),
          links: t('audit.links', { count: events }),
        });
        return (
          <li key={month} style={{ flexGrow: events }} title={words}>
            <span className={`span ${mark}`} />
            <span className="sm muted cut" aria-hidden="true">
              {formatShortMonth(month)}
            </span>
            <span className="sr">{words}</span>
          </li>
        );
      })}
    </ol>
  );
}
