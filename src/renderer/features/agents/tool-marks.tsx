import { Eye, Repeat, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { EffectClass } from '../../../shared/model/events.ts';
import type { ToolOperationInfo, ToolServer, ToolState } from '../../../shared/model/tool.ts';
import { classNames } from '../../ui/class-names.ts';
import { Icon } from '../../ui/icon.tsx';
import { SERVER_LOOK, TOOL_LOOK } from './tool-words.ts';

interface ToolStateMarkProps {
  readonly state: ToolState;
  readonly pill?: boolean;
  readonly className?: string;
}
export function ToolStateMark({ state, pill = false, className }: ToolStateMarkProps) {
  const { t } = useTranslation('tools');
  const look = TOOL_LOOK[state];
  return (
    <span className={classNames('status', look.tone, pill && 'pill', className)}>
      <Icon of={look.icon} />
      {t(`state.${state}`)}
    </span>
  );
}

export function ServerMark({ state }: { readonly state: ToolServer['state'] }) {
  const { t } = useTranslation('tools');
  const look = SERVER_LOOK[state];
  return (
    <span className={classNames('status', look.tone)}>
      <Icon of={look.icon} />
      {t(`server.state.${state}`)}
    </span>
  );
}

const EFFECT_LOOK = {
  pure: { icon: Eye, tone: 'muted' },
  idempotent: { icon: Repeat, tone: 'muted' },
  effect: { icon: TriangleAlert, tone: 'st-waiting' },
} as const;

/** What a call may do to the world, as people are told: what only reads is no warning, however the engine would repeat it. */
export const effectWord = ({ effect, isReadOnly }: Pick<ToolOperationInfo, 'effect' | 'isReadOnly'>): EffectClass =>
  isReadOnly === true ? 'pure' : effect;

export function EffectMark({ operation }: { readonly operation: ToolOperationInfo }) {
  const { t } = useTranslation('tools');
  const effect = effectWord(operation);
  const look = EFFECT_LOOK[effect];
  return (
    <span className={classNames('status !font-normal', look.tone)} title={t(`effect.text.${effect}`)}>
      <Icon of={look.icon} />
      {t(`effect.word.${effect}`)}
    </span>
  );
}
