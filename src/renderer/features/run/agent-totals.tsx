import { useTranslation } from 'react-i18next';
import type { RunView } from '../../../shared/contract/index.ts';
import { formatCount, formatMoney } from '../../ui/format.ts';
import { totalTokens } from './run-agents.ts';

interface AgentTotalsProps {
  readonly view: RunView;
  readonly path: string | null;
}

/** Tokens and cost so far, of the run or of one step of it. */
export function AgentTotals({ view, path }: AgentTotalsProps) {
  const { t } = useTranslation('run');
  const parts = view.steps.flatMap((step) =>
    step.agent !== null && (path === null || step.path === path) ? [step.agent] : [],
  );
  if (parts.length === 0) return null;
  const tokens = parts.reduce((sum, part) => sum + totalTokens(part.usage), 0);
  const unpriced = path === null ? view.run.cost.unpricedCalls : (parts[0]?.unpricedCalls ?? 0);
  const usd = path === null ? view.run.cost.usd : (parts[0]?.cost ?? '0');
  return (
    <span className="sm muted nowrap max-[1200px]:hidden">
      {t('agent.totalTokens', { value: formatCount(tokens) })} · {formatMoney(usd)}
      {unpriced === 0 ? '' : ` ${t('agent.andUnpriced', { count: unpriced })}`}
    </span>
  );
}
