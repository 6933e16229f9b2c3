import type { TFunction } from 'i18next';
import { CircleQuestionMark, Clock, LoaderCircle, type LucideIcon, Moon, Wrench } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { StepState } from '../../../shared/model/run.ts';
import { classNames } from '../../ui/class-names.ts';
import { wholeSeconds } from '../../ui/format.ts';
import { Icon } from '../../ui/icon.tsx';
import { useNow } from '../../ui/use-now.ts';
import type { Block } from './conversation.ts';
import { type Liveness, livenessOf } from './liveness.ts';

const LOOK: Readonly<Record<Liveness['kind'], { readonly icon: LucideIcon; readonly tone: string }>> = {
  starting: { icon: LoaderCircle, tone: 'st-running' },
  thinking: { icon: LoaderCircle, tone: 'st-running' },
  writing: { icon: LoaderCircle, tone: 'st-running' },
  settling: { icon: LoaderCircle, tone: 'st-running' },
  tool: { icon: Wrench, tone: 'st-running' },
  silent: { icon: Moon, tone: 'st-waiting' },
  retrying: { icon: Clock, tone: 'st-waiting' },
  waiting: { icon: Clock, tone: 'st-waiting' },
  in_doubt: { icon: CircleQuestionMark, tone: 'st-in-doubt' },
};

interface LivenessLineProps {
  readonly step: StepState;
  readonly blocks: readonly Block[];
  readonly hasDoubtfulCall: boolean;
  /** Where several steps are at work at once. */
  readonly name?: string | undefined;
}

/** What an agent step does at this moment; nothing when it is not at work. The kind is read out when it changes, the seconds are not. */
export function LivenessLine({ step, blocks, hasDoubtfulCall, name }: LivenessLineProps) {
  const { t } = useTranslation('run');
  const now = useNow(1000);
  const live = livenessOf(step, blocks, { now, hasDoubtfulCall });
  if (live === null) return null;
  const look = LOOK[live.kind];
  const lead = name === undefined ? '' : `${name}: `;
  return (
    <span className={classNames('status liveness', look.tone)}>
      <Icon of={look.icon} className={look.icon === LoaderCircle ? 'spin' : undefined} />
      <span aria-hidden="true">
        {lead}
        {livenessText(t, live)}
      </span>
      <span className="sr" aria-live="polite">
        {lead}
        {t(`live.say.${live.kind}`, live.kind === 'tool' ? { tool: live.tool } : {})}
      </span>
    </span>
  );
}

function livenessText(t: TFunction, live: Liveness): string {
  switch (live.kind) {
    case 'tool':
      return live.others === 0
        ? t('live.tool', { tool: live.tool, duration: wholeSeconds(live.forMs) })
        : t('live.tools', { tool: live.tool, count: live.others, duration: wholeSeconds(live.forMs) });
    case 'silent':
      return t('live.silent', { duration: wholeSeconds(live.forMs) });
    case 'retrying':
      return live.inMs > 0 ? t('step.retryIn', { duration: wholeSeconds(live.inMs) }) : t('step.retryNow');
    default:
      return t(`live.${live.kind}`);
  }
}
