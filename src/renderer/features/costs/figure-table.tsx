import { useTranslation } from 'react-i18next';
import { periodWords, shortPeriod } from './period-words.ts';

interface FigureTableProps {
  readonly name: string;
  /** What the rows are. */
  readonly first: string;
  readonly columns: readonly string[];
  readonly rows: readonly { readonly key: string; readonly cells: readonly string[] }[];
  /** Rows are periods, the oldest first; they are shown the other way round, the newest as one that goes on. */
  readonly isByPeriod?: boolean;
}

/** Numbers of a chart in rows and columns. */
export function FigureTable({ name, first, columns, rows, isByPeriod = false }: FigureTableProps) {
  const { t } = useTranslation('costs');
  const shown = isByPeriod ? rows.toReversed() : rows;
  return (
    <table className="spend-table" aria-label={name}>
      <thead>
        <tr>
          <th scope="col">{first}</th>
          {columns.map((column) => (
            <th key={column} scope="col" className="num">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {shown.map(({ key, cells }, at) => (
          <tr key={key}>
            <th scope="row" title={isByPeriod ? periodWords(key) : key}>
              {isByPeriod ? shortPeriod(key) : key}{' '}
              {isByPeriod && at === 0 ? <span className="muted">{t('soFar')}</span> : null}
            </th>
            {cells.map((cell, index) => (
              <td key={columns[index]} className={cell === '–' ? 'num muted' : 'num'}>
                {cell}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
