import { CircleCheck, CircleDashed, CircleX, ShieldX } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { AuditEvent } from '../../../shared/model/audit.ts';
import { classNames } from '../../ui/class-names.ts';
import { Icon } from '../../ui/icon.tsx';

type Result = 'done' | 'begun' | 'denied' | 'failed';

const MARKS = {
  done: { tone: 'st-success', icon: CircleCheck },
  begun: { tone: 'st-pending', icon: CircleDashed },
  denied: { tone: 'st-failed', icon: ShieldX },
  failed: { tone: 'st-failed', icon: CircleX },
} as const;

/** How it ended, as far as this event knows. */
export function resultOf({ event_type, success, details }: AuditEvent): Result {
  if (!success) return event_type === 'security.permission_denied' ? 'denied' : 'failed';
  return details.phase === 'intent' ? 'begun' : 'done';
}

export function ResultMark({ event, pill = false }: { readonly event: AuditEvent; readonly pill?: boolean }) {
  const { t } = useTranslation('admin');
  const result = resultOf(event);
  const { tone, icon } = MARKS[result];
  return (
    <span className={classNames('status', tone, pill && 'pill')}>
      <Icon of={icon} />
      {t(`audit.result.${result}`)}
    </span>
  );
}

/** Key of the words for what happened. */
export const whatKey = ({ event_type }: AuditEvent): string => `audit.type.${event_type.replace('.', '_')}`;
