import {
  CircleCheck,
  CircleX,
  Clock,
  Ellipsis,
  type LucideIcon,
  Pencil,
  Plus,
  Trash2,
  TrendingDown,
} from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CostLimitStatus } from '../../../shared/model/cost-limit.ts';
import { call } from '../../client/bridge.ts';
import { OneFieldDialog } from '../../client/one-field-dialog.tsx';
import { useQuery } from '../../client/use-query.ts';
import { useWorkflowNames } from '../../client/use-workflow-choices.ts';
import { Button } from '../../ui/button.tsx';
import { formatCount, formatMoment, formatMoney, formatShownDay } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { Menu, MenuItem } from '../../ui/menu.tsx';
import { ErrorNote } from '../../ui/notes.tsx';
import { PaneHead } from '../../ui/page.tsx';
import { SkeletonRows } from '../../ui/skeleton.tsx';
import { showToast } from '../../ui/toasts.tsx';
import { BudgetDialog } from './budget-dialog.tsx';
import { type BudgetState, budgetBar, budgetState } from './budget-state.ts';
import { BurnDownDialog } from './burn-down-dialog.tsx';
import { budgetsNow } from './costs-store.ts';

type Asking = { readonly kind: 'add' } | { readonly kind: 'edit' | 'remove' | 'days'; readonly limit: CostLimitStatus };

/** Will it hold? Limits of spending, how full they are, and what comes. */
export function Budgets() {
  const { t } = useTranslation('costs');
  const data = useQuery(budgetsNow);
  useEffect(() => budgetsNow.open(null), []);
  const [asking, setAsking] = useState<Asking | null>(null);
  const close = (): void => setAsking(null);
  const limits = data.value;
  const nameOf = useWorkflowNames();
  return (
    <section className="budgets" aria-labelledby="budgets-head">
      <PaneHead
        id="budgets-head"
        title={t('budgets.title')}
        {...(limits === null || limits.length === 0 ? {} : { count: formatCount(limits.length) })}
      >
        <Button icon={Plus} needs="costs.setLimit" onClick={() => setAsking({ kind: 'add' })}>
          {t('budgets.add')}
        </Button>
      </PaneHead>
      {data.status === 'error' ? <ErrorNote error={data.error} onRetry={() => void budgetsNow.refresh()} /> : null}
      {limits === null && data.status !== 'error' ? <SkeletonRows rows={3} columns={[60, 30]} /> : null}
      {limits === null || limits.length > 0 ? null : <p className="muted sm">{t('budgets.none')}</p>}
      {limits === null || limits.length === 0 ? null : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys
        <ul className="budget-list" aria-labelledby="budgets-head" tabIndex={0}>
          {limits.map((limit) => (
            <Budget
              key={limit.name}
              limit={limit}
              nameOf={nameOf}
              onDays={() => setAsking({ kind: 'days', limit })}
              onEdit={() => setAsking({ kind: 'edit', limit })}
              onRemove={() => setAsking({ kind: 'remove', limit })}
            />
          ))}
        </ul>
      )}
      {asking?.kind === 'add' ? (
        <BudgetDialog limit={null} taken={limits?.map(({ name }) => name) ?? []} onClose={close} />
      ) : null}
      {asking?.kind === 'edit' ? <BudgetDialog limit={asking.limit} taken={[]} onClose={close} /> : null}
      {asking?.kind === 'days' ? <BurnDownDialog name={asking.limit.name} onClose={close} /> : null}
      {asking?.kind === 'remove' ? <RemoveDialog limit={asking.limit} onClose={close} /> : null}
    </section>
  );
}

/** A window that slides has no days, and what a run costs is no matter of them. */
const hasDays = ({ scope, period }: CostLimitStatus): boolean =>
  scope !== 'run' && (period === null || period === 'day' || period === 'week' || period === 'month');

const MARKS: Readonly<
  Record<BudgetState, { readonly tone: string; readonly icon: LucideIcon; readonly fill: string }>
> = {
  holds: { tone: 'success', icon: CircleCheck, fill: '' },
  tight: { tone: 'waiting', icon: Clock, fill: 'f-waiting' },
  full: { tone: 'failed', icon: CircleX, fill: 'f-failed' },
};

interface BudgetProps {
  readonly limit: CostLimitStatus;
  readonly nameOf: (workflow: string) => string;
  readonly onDays: () => void;
  readonly onEdit: () => void;
  readonly onRemove: () => void;
}

function Budget({ limit, nameOf, onDays, onEdit, onRemove }: BudgetProps) {
  const { t } = useTranslation('costs');
  const { name, max_cost, alert_threshold, percent } = limit;
  const state = budgetState(limit);
  const { tone, icon, fill } = MARKS[state];
  const { used, coming } = budgetBar(limit);
  const scope = useScopeWords(limit, nameOf);
  // A limit that is called like what it counts says it once.
  const what = scope.toLowerCase() === name.toLowerCase() ? '' : scope;
  const next = useNextWords(limit, state);
  return (
    <li className="budget">
      <div className="row">
        <span className="grow cut" title={`${name}: ${scope}`}>
          <span className="strong">{name}</span> <span className="muted sm">{what}</span>
        </span>
        <span className="nowrap">
          {formatMoney(limit.spent)} <span className="muted">{t('budgets.of', { max: formatMoney(max_cost) })}</span>
        </span>
        <Menu align="end" trigger={<Button variant="ghost" icon={Ellipsis} label={t('budgets.more', { name })} />}>
          {hasDays(limit) ? (
            <MenuItem icon={TrendingDown} onSelect={onDays}>
              {t('budgets.days')}
            </MenuItem>
          ) : null}
          {limit.is_written ? (
            <MenuItem icon={Pencil} disabled onSelect={onEdit}>
              {t('budgets.written')}
            </MenuItem>
          ) : (
            <>
              <MenuItem icon={Pencil} needs="costs.setLimit" onSelect={onEdit}>
                {t('budgets.edit')}
              </MenuItem>
              <MenuItem icon={Trash2} danger needs="costs.removeLimit" onSelect={onRemove}>
                {t('budgets.remove')}
              </MenuItem>
            </>
          )}
        </Menu>
      </div>
      <div
        className="meter"
        role="progressbar"
        aria-label={name}
        aria-valuenow={Math.round(used)}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuetext={t('budgets.percent', { value: Math.round(percent) })}
      >
        <i className={fill} style={{ width: `${used}%` }} />
        {coming === 0 ? null : <i className="coming" style={{ width: `${coming}%` }} />}
        {alert_threshold === null ? null : <span className="tick" style={{ left: `${alert_threshold}%` }} />}
      </div>
      <div className="row sm">
        <span className={`status st-${tone}`}>
          <Icon of={icon} />
          {t(`budgets.state.${state}`)}
        </span>
        <span className="muted grow cut" title={next}>
          {next}
        </span>
        <span className="muted nowrap">{t(`budgets.does.${limit.action_on_limit}`)}</span>
      </div>
    </li>
  );
}

/** Whose calls it counts. */
function useScopeWords({ scope, scope_id }: CostLimitStatus, nameOf: BudgetProps['nameOf']): string {
  const { t } = useTranslation('costs');
  if (scope === 'global') return t('budgets.scope.global');
  return scope_id === null
    ? t('budgets.eachRun')
    : t(`budgets.scopeOf.${scope}`, { name: scope === 'workflow' ? nameOf(scope_id) : scope_id });
}

/** What comes: when it will be full, or what it will come to, or when it begins anew. */
function useNextWords(
  { forecast, resets_at, reserved, scope, scope_id, waiting_runs }: CostLimitStatus,
  state: BudgetState,
): string {
  const { t } = useTranslation('costs');
  const dayOf = (day: string): string => formatShownDay(day).replace(/ \d{4}$/, '');
  if (waiting_runs > 0) return t('budgets.waiting', { count: waiting_runs });
  if (state === 'full')
    return resets_at === null
      ? t('budgets.noMore')
      : t('budgets.anew', { at: formatMoment(Date.parse(resets_at), Date.now()) });
  if (forecast !== null && forecast.full_on !== null) return t('budgets.fullOn', { day: dayOf(forecast.full_on) });
  if (forecast?.cost != null && forecast.until !== null)
    return t('budgets.comesTo', { cost: formatMoney(forecast.cost), day: dayOf(forecast.until) });
  if (reserved !== '0') return t('budgets.held', { cost: formatMoney(reserved) });
  return scope === 'run' && scope_id === null ? t('budgets.dearest') : '';
}

function RemoveDialog({ limit: { name }, onClose }: { readonly limit: CostLimitStatus; readonly onClose: () => void }) {
  const { t } = useTranslation('costs');
  return (
    <OneFieldDialog
      title={t('budgets.removeTitle', { name })}
      text={t('budgets.removeText')}
      label={t('budgets.typeName', { name })}
      help={t('budgets.removeHelp')}
      act={t('budgets.remove')}
      needs="costs.removeLimit"
      isDanger
      field="name"
      refusal={(text) => (text.trim() === name ? null : t('budgets.typeName', { name }))}
      onClose={onClose}
      onSend={async () => {
        await call('costs.removeLimit', { name });
        showToast(t('budgets.removed', { name }));
      }}
    />
  );
}
