import { CircleSlash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Outcome, RunStatus } from '../../shared/model/run.ts';
import { classNames } from './class-names.ts';
import { Icon } from './icon.tsx';
import { Status, statusKey } from './status.tsx';

interface RunStatusMarkProps {
  readonly status: RunStatus;
  readonly outcome: Outcome | null;
  readonly pill?: boolean;
}

/** The status of a run; one that ended with some steps failed has an icon of its own, not the tick of a full success. */
export function RunStatusMark({ status, outcome, pill = false }: RunStatusMarkProps) {
  const { t } = useTranslation();
  if (status !== 'completed' || outcome !== 'partial') return <Status status={status} outcome={outcome} pill={pill} />;
  return (
    <span className={classNames('status st-waiting', pill && 'pill')}>
      <Icon of={CircleSlash2} />
      {t(statusKey(status, outcome))}
    </span>
  );
}
