import type { InputOf } from '../../../shared/contract/index.ts';
import type { CostLimit } from '../../../shared/model/cost-limit.ts';
import { ownZone } from '../../ui/format.ts';

/** When a limit begins anew; `sliding` = a length that goes along with the time. */
export const PERIODS = ['day', 'week', 'month', 'ever', 'sliding'] as const;

/** A limit as a form has it: every field is what somebody typed. */
export interface BudgetDraft {
  readonly name: string;
  readonly max: string;
  readonly period: (typeof PERIODS)[number];
  /** Of a limit that slides along, such as `12h`. */
  readonly length: string;
  readonly zone: string;
  readonly scope: CostLimit['scope'];
  readonly scopeId: string;
  readonly threshold: string;
  readonly action: CostLimit['action_on_limit'];
  readonly allowsUnpriced: boolean;
}

const NEW: BudgetDraft = {
  ...{ name: '', max: '', period: 'month', length: '24h', zone: '', scope: 'global', scopeId: '' },
  ...{ threshold: '80', action: 'warn', allowsUnpriced: false },
};

/** What a form begins with; null = a new limit. */
export function draftOf(limit: CostLimit | null): BudgetDraft {
  if (limit === null) return { ...NEW, zone: ownZone() };
  const { name, max_cost, period, timezone, scope, scope_id, alert_threshold, action_on_limit, allow_unpriced } = limit;
  const known = PERIODS.find((one) => one === (period ?? 'ever'));
  return {
    ...{ name, max: max_cost, zone: timezone, scope, scopeId: scope_id ?? '', action: action_on_limit },
    period: known ?? 'sliding',
    length: known === undefined ? (period ?? '') : NEW.length,
    threshold: alert_threshold === null ? '' : String(alert_threshold),
    allowsUnpriced: allow_unpriced,
  };
}

/** What is sent. */
export function limitOf(draft: BudgetDraft): InputOf<'costs.setLimit'> {
  const { period, length, threshold, scopeId } = draft;
  return {
    name: draft.name.trim(),
    max_cost: draft.max.trim(),
    period: period === 'ever' ? null : period === 'sliding' ? length.trim() : period,
    timezone: draft.zone.trim(),
    scope: draft.scope,
    scope_id: scopeId.trim() === '' ? null : scopeId.trim(),
    alert_threshold: threshold.trim() === '' ? null : Number(threshold),
    action_on_limit: draft.action,
    allow_unpriced: draft.allowsUnpriced,
  };
}
