import { Activity } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { RunStatistics } from '../../../shared/model/run-statistics.ts';
import { LinkButton } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/notes.tsx';
import { FigureTable } from './figure-table.tsx';
import { durationFigures, namedFigures, successFigures } from './figures.ts';
import { TimeChart } from './time-chart.tsx';

interface FaresProps {
  readonly statistics: RunStatistics;
  readonly show: 'success' | 'duration';
  readonly by: 'workflow' | 'agent';
  readonly isTable: boolean;
  readonly nameOf: (workflow: string) => string;
}

/** How runs fared: over time, and by workflow or agent. */
export function Fares({ statistics, show, by, isTable, nameOf }: FaresProps) {
  const { t } = useTranslation('costs');
  const figures = useMemo(
    () => (show === 'success' ? successFigures(statistics) : durationFigures(statistics)),
    [statistics, show],
  );
  if (statistics.total_executions === 0)
    return (
      <EmptyState icon={Activity} title={t('fares.empty')} text={t('fares.emptyText')}>
        <LinkButton to="/workflows">{t('empty.action')}</LinkButton>
      </EmptyState>
    );
  const { columns, rows: named } = namedFigures(statistics, by);
  const rows = by === 'workflow' ? named.map((row) => ({ ...row, key: nameOf(row.key) })) : named;
  return (
    <>
      {isTable ? (
        <FigureTable
          name={t(`table.${show}`)}
          first={t(`unit.${statistics.unit}`)}
          columns={figures.columns}
          rows={figures.rows}
          isByPeriod
        />
      ) : (
        <TimeChart name={t(`chartName.${show}`)} {...figures.chart} />
      )}
      {rows.length === 0 ? (
        <p className="muted sm">{t('fares.noAgents')}</p>
      ) : (
        <FigureTable name={t(`fares.by.${by}`)} first={t(`by.${by}`)} columns={columns} rows={rows} />
      )}
    </>
  );
}
