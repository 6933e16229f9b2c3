import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { PlannedApproval, PlannedTouches, RunPlan } from '../../../shared/model/plan.ts';
import { formatDuration, formatMoney } from '../../ui/format.ts';

const TOUCHES = [
  'tools',
  'agents',
  'hosts',
  'reads',
  'writes',
  'secrets',
  'workflows',
] as const satisfies readonly (keyof PlannedTouches)[];

/** What a run names of the world around it, whom it asks and what it may cost. */
export function PlanFacts({ plan }: { readonly plan: RunPlan }) {
  const { t } = useTranslation('workflow');
  const { touches, approvals, estimate } = plan;
  const named = TOUCHES.filter((key) => touches[key].length > 0);
  return (
    <section className="plan-facts" aria-label={t('plan.facts')}>
      <h3>{t('plan.touches')}</h3>
      {named.length === 0 ? <p className="muted">{t('plan.nothing')}</p> : null}
      <dl className="kv sm">
        {named.map((key) => (
          <Fact key={key} name={t(`plan.${key}`)}>
            <span className="mono">{touches[key].join(', ')}</span>
          </Fact>
        ))}
      </dl>
      <h3>{t('plan.asks')}</h3>
      {approvals.length === 0 ? <p className="muted sm">{t('plan.nobody')}</p> : null}
      <ul className="sm">
        {approvals.map((one) => (
          <Asked key={one.path} approval={one} />
        ))}
      </ul>
      <h3>{t('plan.costs')}</h3>
      <Cost estimate={estimate} />
    </section>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function Asked({ approval }: { readonly approval: PlannedApproval }) {
  const { t } = useTranslation('workflow');
  const { title, approvers, expires_in_seconds: seconds, on_expire, reached } = approval;
  const who = approvers.length === 0 ? t('plan.anybody') : approvers.join(', ');
  return (
    <li className="mt-1">
      {title}{' '}
      <span className="muted">
        {reached === 'yes' ? t('plan.asked', { who }) : t('plan.perhapsAsked', { who })}{' '}
        {seconds === null
          ? t('plan.waits')
          : t(on_expire === 'fail' ? 'plan.expires' : 'plan.goesOn', { time: formatDuration(seconds * 1000) })}
      </span>
    </li>
  );
}

function Cost({ estimate }: Pick<RunPlan, 'estimate'>) {
  const { t } = useTranslation('workflow');
  const { duration_seconds: seconds, cost_range: range } = estimate;
  const { low, high, calls, is_open } = range;
  return (
    <p className="sm">
      {calls.high === 0
        ? t('plan.noAgents')
        : low === null || high === null
          ? t('plan.unpriced')
          : formatMoney(low) === formatMoney(high)
            ? t('cost.about', { cost: formatMoney(high) })
            : t('cost.range', { low: formatMoney(low), high: formatMoney(high) })}{' '}
      {is_open && calls.high > 0 ? <span className="muted">{t('plan.open')}</span> : null}{' '}
      {seconds === null ? null : t('plan.takes', { time: formatDuration(seconds * 1000) })}
    </p>
  );
}
