import { useTranslation } from 'react-i18next';
import { useLate } from '../../ui/use-late.ts';

/** The shape of the run screen while its snapshot is on the way; nothing before 300 ms. */
export function RunSkeleton() {
  const { t } = useTranslation('common');
  const isLate = useLate(true);
  if (!isLate) return null;
  return (
    <div aria-busy="true" role="status" className="flex min-h-0 flex-1 flex-col">
      <span className="sr">{t('loading')}</span>
      <div className="run-head" aria-hidden="true">
        <i className="sk mb-4 h-4 w-64" />
        <i className="sk mb-2 w-96" />
        <i className="sk w-80" />
      </div>
      <div className="run-cols" aria-hidden="true">
        <div className="run-left">
          <div className="grid gap-4 p-6">
            {[60, 75, 50, 66, 58, 70, 44].map((width, row) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: bars have no identity and never move
              <i key={row} className="sk" style={{ width: `${width / 3}%` }} />
            ))}
          </div>
        </div>
        <div className="step-pane p-4">
          <i className="sk mb-4 w-40" />
          <i className="sk w-56" />
        </div>
      </div>
    </div>
  );
}
