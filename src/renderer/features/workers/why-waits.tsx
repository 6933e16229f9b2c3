import {
  Clock,
  LoaderCircle,
  type LucideIcon,
  PauseCircle,
  RotateCw,
  Server,
  TriangleAlert,
  Unplug,
} from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { MessageWait, ShownMessage } from '../../../shared/model/queue.ts';
import { formatMoment } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { saidPlainly } from '../../ui/said.tsx';
import { useNow } from '../../ui/use-now.ts';

const ICONS: Readonly<Record<MessageWait['kind'], LucideIcon>> = {
  paused: PauseCircle,
  delayed: Clock,
  retry: RotateCw,
  held_back: TriangleAlert,
  no_worker: Unplug,
  slots: Server,
  lanes: Server,
  next: LoaderCircle,
};

/** Why a message waits: a sentence with the icon of its kind. */
export function Why({ message }: { readonly message: ShownMessage }) {
  const { t } = useTranslation('workers');
  const now = useNow(60_000);
  const { wait, attempts, maxAttempts, error } = message;
  if (wait === null) return null;
  const seen = wait.kind === 'no_worker' ? wait.seen : null;
  const values = {
    when: 'until' in wait ? formatMoment(wait.until, now) : seen === null ? '' : formatMoment(seen.at, now),
    name: seen?.name ?? '',
    host: seen?.host ?? '',
    by: 'by' in wait ? wait.by : '',
    of: 'of' in wait ? wait.of : maxAttempts,
    attempt: attempts + 1,
    error: saidPlainly(error ?? ''),
  };
  const place = 'behind' in wait ? t(wait.behind === 0 ? 'wait.first' : 'wait.behind', { count: wait.behind }) : '';
  const text = `${t(`wait.${seen === null ? wait.kind : 'no_worker_seen'}`, values)} ${place}`.trim();
  return (
    <span className="why-waits" title={text}>
      <Icon of={ICONS[wait.kind]} />
      <span>{text}</span>
    </span>
  );
}
