import { ChartColumn, Download, Scale, Table2, Tags, Wallet } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type CostSpend, SPEND_GROUPS, type SpendGroup } from '../../../shared/model/cost.ts';
import { saveFile } from '../../client/save-file.ts';
import { useAddress } from '../../client/use-address.ts';
import { useQuery, useQueryOf } from '../../client/use-query.ts';
import { useWorkflowNames } from '../../client/use-workflow-choices.ts';
import { Button, LinkButton } from '../../ui/button.tsx';
import { formatMonthName, ownZone } from '../../ui/format.ts';
import { EmptyState, ErrorNote } from '../../ui/notes.tsx';
import { PageHead, PaneHead } from '../../ui/page.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { Budgets } from './budgets.tsx';
import { CompareDialog } from './compare-dialog.tsx';
import './costs.css';
import { CostsFacts } from './costs-facts.tsx';
import { faring, RANGES, type Range, spending, spendKey } from './costs-store.ts';
import { Fares } from './fares.tsx';
import { FigureTable } from './figure-table.tsx';
import { tokenFigures } from './figures.ts';
import { monthForecast } from './month-forecast.ts';
import { RepriceDialog } from './reprice-dialog.tsx';
import { calledBy, seriesOf } from './series.ts';
import { SpendChart, SpendLegend } from './spend-chart.tsx';
import { spendCsv, spendFileName } from './spend-file.ts';
import { SpendTable } from './spend-table.tsx';
import { TimeChart } from './time-chart.tsx';

/** What the page shows over time. */
const SHOWN = ['spend', 'tokens', 'success', 'duration'] as const;
type Shown = (typeof SHOWN)[number];
const VIEWS = ['chart', 'table'] as const;
type View = (typeof VIEWS)[number];
const VIEW_ICONS = { chart: ChartColumn, table: Table2 } as const;

const oneOf = <T extends string>(values: readonly T[], text: string | null): T | undefined =>
  values.find((value) => value === text);

/** What do we spend? */
export function CostsScreen() {
  const { t } = useTranslation('costs');
  const [choice, choose] = useAddress(readChoice, writeChoice);
  const { range, by } = choice;
  const data = useQuery(spending);
  useEffect(() => spending.open(spendKey(range, by)), [range, by]);
  const shown = useShown(data.value);
  const [isRepricing, setIsRepricing] = useState(false);
  const [isComparing, setIsComparing] = useState(false);
  const thisMonth = formatMonthName(Date.now());
  return (
    <>
      <PageHead title={t('title')} aside={<span className="muted cut">{t('zone', { zone: ownZone() })}</span>}>
        <Segmented
          label={t('rangeLabel')}
          value={range}
          choices={RANGES.map((value) => ({ value, label: value === 'month' ? thisMonth : t(`range.${value}`) }))}
          onChoose={(value) => choose({ range: value })}
        />
        <Button icon={Scale} onClick={() => setIsComparing(true)}>
          {t('compare.open')}
        </Button>
        <Button icon={Tags} onClick={() => setIsRepricing(true)}>
          {t('reprice.open')}
        </Button>
        {shown === null || isEmpty(shown) ? null : <ExportButton spend={shown} />}
      </PageHead>
      {isComparing ? <CompareDialog onClose={() => setIsComparing(false)} /> : null}
      {isRepricing ? <RepriceDialog onClose={() => setIsRepricing(false)} /> : null}
      {data.status === 'error' ? (
        <ErrorNote className="mx-6 my-2 flex-none" error={data.error} onRetry={() => void spending.refresh()} />
      ) : null}
      {shown === null && data.status !== 'error' ? <SkeletonRows rows={8} columns={[60, 40, 30, 20]} /> : null}
      {shown === null ? null : <Spending spend={shown} choice={choice} onChoose={choose} />}
    </>
  );
}

/** Saves what was spent, told apart as it is shown. */
function ExportButton({ spend }: { readonly spend: CostSpend }) {
  const { t } = useTranslation('costs');
  const nameOf = useWorkflowNames();
  const save = (): void => {
    const named = spend.by === 'workflow' ? calledBy(spend, nameOf) : spend;
    saveFile(spendFileName(spend), new Blob([spendCsv(named)], { type: 'text/csv;charset=utf-8' }));
  };
  return (
    <Button icon={Download} onClick={save}>
      {t('export')}
    </Button>
  );
}

const isEmpty = ({ periods }: CostSpend): boolean => periods.every(({ requests }) => requests === 0);

/** Of another choice the last one stays until it is there: nothing jumps. */
function useShown(value: CostSpend | null): CostSpend | null {
  const [last, setLast] = useState(value);
  useEffect(() => {
    if (value !== null) setLast(value);
  }, [value]);
  return value ?? last;
}

interface Choice {
  readonly range: Range;
  readonly show: Shown;
  readonly by: SpendGroup;
  readonly view: View;
}

/** A run may ask several models: how it fared is told apart by what it is one of. */
const groupsOf = (show: Shown): readonly SpendGroup[] =>
  show === 'success' || show === 'duration' ? ['workflow', 'agent'] : SPEND_GROUPS;

function readChoice(params: URLSearchParams): Choice {
  const show = oneOf(SHOWN, params.get('show')) ?? 'spend';
  return {
    range: oneOf(RANGES, params.get('range')) ?? 'month',
    show,
    by: oneOf(groupsOf(show), params.get('by')) ?? 'workflow',
    view: oneOf(VIEWS, params.get('view')) ?? 'chart',
  };
}

const writeChoice = (choice: Choice): URLSearchParams => new URLSearchParams({ ...choice });

interface SpendingProps {
  readonly spend: CostSpend;
  readonly choice: Choice;
  readonly onChoose: (change: Partial<Choice>) => void;
}

function Spending({ spend: booked, choice, onChoose }: SpendingProps) {
  const { range, show, by } = choice;
  const nameOf = useWorkflowNames();
  const spend = useMemo(() => (by === 'workflow' ? calledBy(booked, nameOf) : booked), [booked, by, nameOf]);
  const series = seriesOf(spend);
  const forecast = range === 'month' && spend.unit === 'day' ? monthForecast(spend) : null;
  const isNone = isEmpty(spend);
  return (
    <>
      <CostsFacts spend={spend} range={range} forecast={forecast} />
      <div className="scroll">
        <div className="costs-body">
          <section className="spend-section" aria-labelledby="spend-head">
            <SectionHead unit={spend.unit} choice={choice} onChoose={onChoose} />
            {show === 'success' || show === 'duration' ? (
              <Faring choice={choice} show={show} nameOf={nameOf} />
            ) : isNone ? (
              <NoSpend />
            ) : show === 'tokens' ? (
              <Tokens spend={spend} view={choice.view} />
            ) : choice.view === 'chart' ? (
              <>
                <SpendChart periods={spend.periods} series={series} coming={forecast?.days ?? []} />
                <SpendLegend series={series} />
              </>
            ) : (
              <SpendLegend series={series} />
            )}
          </section>
          <Budgets />
        </div>
        {isNone || show !== 'spend' ? null : <SpendTable spend={spend} series={series} />}
      </div>
    </>
  );
}

interface SectionHeadProps {
  readonly unit: CostSpend['unit'];
  readonly choice: Choice;
  readonly onChoose: (change: Partial<Choice>) => void;
}

function SectionHead({ unit, choice: { show, by, view }, onChoose }: SectionHeadProps) {
  const { t } = useTranslation('costs');
  return (
    <>
      <PaneHead id="spend-head" title={t(`head.${show}.${unit}`)}>
        <Segmented
          label={t('viewLabel')}
          value={view}
          choices={VIEWS.map((value) => ({ value, label: t(`view.${value}`), icon: VIEW_ICONS[value] }))}
          onChoose={(value) => onChoose({ view: value })}
        />
      </PaneHead>
      <div className="spend-choices">
        <Segmented
          label={t('showLabel')}
          value={show}
          choices={SHOWN.map((value) => ({ value, label: t(`show.${value}`) }))}
          onChoose={(value) => onChoose({ show: value })}
        />
        {show === 'tokens' ? null : (
          <Segmented
            label={t('byLabel')}
            value={by}
            choices={groupsOf(show).map((value) => ({ value, label: t(`by.${value}`) }))}
            onChoose={(value) => onChoose({ by: value })}
          />
        )}
      </div>
    </>
  );
}

function NoSpend() {
  const { t } = useTranslation('costs');
  return (
    <EmptyState icon={Wallet} title={t('empty.title')} text={t('empty.text')}>
      <LinkButton to="/workflows">{t('empty.action')}</LinkButton>
    </EmptyState>
  );
}

function Tokens({ spend, view }: { readonly spend: CostSpend; readonly view: View }) {
  const { t } = useTranslation('costs');
  const { chart, columns, rows } = useMemo(() => tokenFigures(spend), [spend]);
  return view === 'chart' ? (
    <TimeChart name={t('chartName.tokens')} {...chart} />
  ) : (
    <FigureTable name={t('table.tokens')} first={t(`unit.${spend.unit}`)} columns={columns} rows={rows} isByPeriod />
  );
}

function Faring({
  choice: { range, by, view },
  show,
  nameOf,
}: {
  readonly choice: Choice;
  readonly show: 'success' | 'duration';
  readonly nameOf: (workflow: string) => string;
}) {
  const data = useQueryOf(faring, range);
  return (
    <>
      {data.error === null ? null : <ErrorNote error={data.error} onRetry={() => void faring.refresh()} />}
      {data.value === null && data.error === null ? <SkeletonRows rows={6} columns={[60, 40, 30]} /> : null}
      {data.value === null ? null : (
        <Fares
          statistics={data.value}
          show={show}
          by={by === 'agent' ? 'agent' : 'workflow'}
          nameOf={nameOf}
          isTable={view === 'table'}
        />
      )}
    </>
  );
}
