import { Switch } from '@base-ui/react/switch';
import { Lock } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import type { TriggerSummary } from '../../../shared/contract/index.ts';
import { disarmTrigger } from '../../client/trigger-actions.ts';
import { formatMoment, formatRelative } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { triggerLink } from '../../ui/links.ts';
import { useWhyNot } from '../../ui/rights.ts';
import { startsWords } from '../../ui/trigger/starts-words.ts';
import { FailingMark, KIND_ICONS } from '../../ui/trigger/trigger-marks.tsx';
import { useNow } from '../../ui/use-now.ts';

interface CellProps {
  readonly trigger: TriggerSummary;
}

/** Which workflow, and of what kind the trigger is. */
export function TriggerName({ trigger: { key, kind, workflowName, alias, isFailing } }: CellProps) {
  const { t } = useTranslation('triggers');
  return (
    <span className="lead" title={`${t(`kind.${kind}`)} ${alias}`}>
      <Icon of={KIND_ICONS[kind]} />
      <span className="sr">{t(`kind.${kind}`)}</span>
      <Link to={triggerLink(key)} className="plain strong cut">
        {workflowName}
      </Link>
      {isFailing ? <FailingMark /> : null}
    </span>
  );
}

const WAITS = { webhook: 'onCall', file: 'onArrival', event: 'onEvent' } as const;

/** When it starts next, or what it waits for, or why it does not start. */
export function TriggerNext({ trigger: { status, kind, nextAt } }: CellProps) {
  const { t } = useTranslation('triggers');
  const now = useNow(15_000);
  if (status !== 'armed') return <span className="muted">{t(`next.${status}`)}</span>;
  if (kind !== 'schedule') return <span className="muted">{t(`next.${WAITS[kind]}`)}</span>;
  if (nextAt === null) return <span className="muted">{t('next.never')}</span>;
  const relative = formatRelative(nextAt, now);
  const moment = formatMoment(nextAt, now);
  return (
    <>
      {moment} {relative === moment ? null : <span className="muted">{relative}</span>}
    </>
  );
}

/** Why it is not simply armed, where its plan would stand. */
export function TriggerReason({ trigger: { key, status, reason } }: CellProps) {
  const { t } = useTranslation('triggers');
  if (status === 'armed') return null;
  const words = status === 'not_armed' || reason === null ? t('row.notArmed') : reason;
  return (
    <span className="lone sm">
      <Icon of={Lock} small /> <span className="cut">{words}</span>{' '}
      <Link className="link" to={triggerLink(key)}>
        {t(status === 'not_armed' || status === 'changed' ? 'row.review' : 'row.see')}
      </Link>
    </span>
  );
}

/** On or off. What is off is armed on its own page, where a person sees what they arm. */
export function TriggerSwitch({ trigger }: CellProps) {
  const { t } = useTranslation('triggers');
  const navigate = useNavigate();
  const whyNot = useWhyNot('triggers.disarm');
  const isOn = trigger.status === 'armed' || trigger.status === 'paused' || trigger.status === 'unavailable';
  const name = t('row.onSwitch', {
    name: trigger.workflowName,
    when: startsWords(trigger),
    state: t(`status.${trigger.status}`).toLowerCase(),
  });
  return (
    <Switch.Root
      className={isOn ? 'switch' : 'switch off'}
      aria-label={name}
      title={whyNot ?? name}
      disabled={whyNot !== null}
      checked={isOn}
      onCheckedChange={(next) => (next ? void navigate(triggerLink(trigger.key)) : void disarmTrigger(trigger.key))}
    />
  );
}
