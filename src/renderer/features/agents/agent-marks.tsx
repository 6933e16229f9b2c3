import { CircleCheck, CircleDashed, CircleX } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { AgentInfo, BreakerStatus } from '../../../shared/model/agent.ts';
import { classNames } from '../../ui/class-names.ts';
import { formatExact, formatRelative } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { useNow } from '../../ui/use-now.ts';
import { type AgentCondition, CONDITION_LOOK, modelOf } from './agent-words.ts';

/** How an agent stands: icon, word and colour. */
export function AgentConditionMark({
  condition,
  pill = false,
}: {
  readonly condition: AgentCondition;
  readonly pill?: boolean;
}) {
  const { t } = useTranslation('agents');
  const look = CONDITION_LOOK[condition];
  return (
    <span className={classNames('status', look.tone, pill && 'pill')}>
      <Icon of={look.icon} className={condition === 'checking' ? 'spin' : undefined} />
      {t(`condition.${condition}`)}
    </span>
  );
}

const BREAKER_LOOK = {
  closed: { icon: CircleCheck, tone: 'muted' },
  open: { icon: CircleX, tone: 'status st-failed' },
  half_open: { icon: CircleDashed, tone: 'status st-waiting' },
} as const;

/** Whether calls are held back from an agent, and until when. */
export function BreakerMark({ breaker }: { readonly breaker: BreakerStatus }) {
  const { t } = useTranslation('agents');
  const now = useNow(breaker.state === 'open' ? 1000 : 3_600_000);
  const look = BREAKER_LOOK[breaker.state];
  const until = breaker.opensAgainAt;
  return (
    <span className={look.tone} title={until === null ? undefined : formatExact(until)}>
      {breaker.state === 'closed' ? null : <Icon of={look.icon} />}
      {breaker.state === 'open' && until !== null
        ? until > now
          ? t('breaker.openUntil', { when: formatRelative(until, now) })
          : t('breaker.openNext')
        : t(`breaker.${breaker.state}`)}
    </span>
  );
}

/** The model that an agent asks, or what stands in its place. */
export function AgentModel({ agent }: { readonly agent: AgentInfo }) {
  const { t } = useTranslation('agents');
  const model = modelOf(agent);
  return 'name' in model ? <span className="mono">{model.name}</span> : <span className="muted">{t(model.key)}</span>;
}
