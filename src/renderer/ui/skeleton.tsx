import { useTranslation } from 'react-i18next';
import { useLate } from './use-late.ts';

interface SkeletonRowsProps {
  readonly rows?: number;
  /** Widths of the columns' bars in percent. */
  readonly columns?: readonly number[];
}

/** Loading in the final shape, after 300 ms; nothing before. */
export function SkeletonRows({ rows = 8, columns = [70, 40, 55, 30] }: SkeletonRowsProps) {
  const { t } = useTranslation();
  const isLate = useLate(true);
  if (!isLate) return null;
  return (
    <div aria-busy="true" role="status">
      <span className="sr">{t('everywhere:loading')}</span>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: bars have no identity and never move
        <div key={row} className="flex h-11 items-center gap-6 border-b border-border px-6" aria-hidden="true">
          {columns.map((width, column) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: as above
            <span key={column} className="grow">
              <i className="sk" style={{ width: `${width - ((row * 7 + column * 11) % 20)}%` }} />
            </span>
          ))}
        </div>
      ))}
    </div>
  );
}
