import { useTranslation } from 'react-i18next';
import type { RunView } from '../../../shared/contract/index.ts';
import { costLine } from '../../ui/cost-words.ts';
import { formatCount } from '../../ui/format.ts';
import { spentBy } from './run-agents.ts';

interface AgentTotalsProps {
  readonly view: RunView;
  readonly path: string | null;
}

/** Tokens and cost so far, of the run or of one step of it; nothing before the first call has ended. */
export function AgentTotals({ view, path }: AgentTotalsProps) {
  const { t } = useTranslation('run');
  const { tokens, cost } = spentBy(view, path);
  if (cost.calls === 0) return null;
  return (
    <span className="sm muted nowrap max-[1200px]:hidden">
      {t('agent.totalTokens', { value: formatCount(tokens) })} · {costLine(cost)}
    </span>
  );
}
